import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { explain } from '#config/pipeline/explain.ts';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { locateFile } from '../file/locate.ts';
import type { Commands } from '../grammar/commands.ts';
import { sayDiagnostics } from '../terminal/say-diagnostics.ts';

/** `buildit explain [FILE] [STAGE]`; a single word that is no file is a stage of the default file. */
export const handle: Handler<Commands['explain']> = async (call) => {
  const { words, folder, screen } = call;
  const [first, second] = words;
  const isStage =
    first !== undefined && second === undefined && !first.endsWith('.kdl') && !existsSync(resolve(folder, first));
  const file = locateFile(isStage ? undefined : first, folder);
  const { text, diagnostics } = explain({
    file: file.shown,
    text: file.text,
    stage: (isStage ? first : second) ?? null,
  });
  await sayDiagnostics(screen, diagnostics, file);
  if (text === null) return EXIT.usage;
  screen.out(text);
  return EXIT.done;
};
