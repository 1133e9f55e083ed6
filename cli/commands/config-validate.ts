import { renderDiagnostics } from '#config/pipeline/render.ts';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { locateFiles } from '../file/locate.ts';
import type { Commands } from '../grammar/commands.ts';
import { loadSystemFile } from '../server/system-file.ts';
import { paintAs } from '../terminal/diagnostic-paint.ts';
import { handle as validate } from './validate.ts';

/** `buildit config validate`: the system file, then what `validate` checks. */
export const handle: Handler<Commands['config validate']> = async (call) => {
  const { screen, folder, options } = call;
  const file = loadSystemFile(call, options.config);
  const isPipelineThere = locateFiles(folder).length > 0;
  if (file === null && !isPipelineThere) {
    screen.say('No system file: neither ./system.kdl nor /etc/buildit/system.kdl is there.\n');
    return EXIT.done;
  }
  const errors = file?.diagnostics.filter(({ severity }) => severity === 'error').length ?? 0;
  if (file !== null) {
    const texts = { [file.file]: file.text };
    screen.out(renderDiagnostics(file.diagnostics, { texts, color: paintAs(screen.paintOut) }));
    screen.out(
      errors === 0 ? `${file.file} is fine: ${file.settings.length} settings\n` : `${file.file}: ${errors} errors\n`,
    );
  }
  const code = isPipelineThere ? await validate({ ...call, options: { ...options, watch: false } }) : EXIT.done;
  return errors > 0 ? EXIT.usage : code;
};
