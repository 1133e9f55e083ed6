import { formatFile } from '#config/format/format.ts';
import type { Call, Handler } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { locateFiles, type PipelineFile, readPipelineFile, refuseNone } from '../file/locate.ts';
import { replaceFile } from '../file/replace-file.ts';
import type { Commands } from '../grammar/commands.ts';
import { sayDiagnostics } from '../terminal/say-diagnostics.ts';

/**
 * `buildit fmt [FILE…] [--check]`: files in their canonical spelling; `-` is stdin to
 * stdout. Prints the names of what changed. A file that does not parse stays as it is
 * (exit 2), the others are formatted all the same. `--check` writes nothing and ends with
 * 2 when a file would change.
 */
export const handle: Handler<Commands['fmt']> = async (call) => {
  const { screen, words, folder, options } = call;
  if (words.includes('-')) return formatStdin(call);
  const files = words.length > 0 ? words.map((name) => readPipelineFile(name, folder)) : locateFiles(folder);
  if (files.length === 0) throw refuseNone(folder);
  let changed = 0;
  let wrong = 0;
  for (const file of files) {
    const formatted = formatFile(file.shown, file.text);
    if (formatted.kind === 'wrong') {
      wrong += 1;
      await sayDiagnostics(screen, formatted.diagnostics, file);
    } else if (formatted.text !== file.text) {
      changed += 1;
      if (!options.check) replaceFile(file, formatted.text);
      screen.out(`${file.shown}\n`);
    }
  }
  screen.say(`${summarize(files.length, changed, wrong, options.check)}\n`);
  return wrong > 0 || (options.check && changed > 0) ? EXIT.usage : EXIT.done;
};

async function formatStdin({ screen, words, options }: Call<Commands['fmt']>): Promise<ExitCode> {
  if (words.length > 1) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'with - there is no other FILE',
      fix: 'write buildit fmt - alone',
    });
  }
  const file: PipelineFile = { shown: 'stdin', path: '-', text: await readStdin() };
  const formatted = formatFile(file.shown, file.text);
  if (formatted.kind === 'wrong') {
    await sayDiagnostics(screen, formatted.diagnostics, file);
    return EXIT.usage;
  }
  if (!options.check) screen.out(formatted.text);
  else if (formatted.text !== file.text) {
    screen.out('-\n');
    return EXIT.usage;
  }
  return EXIT.done;
}

async function readStdin(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin as AsyncIterable<string>) text += chunk;
  return text;
}

/** `3 files, 1 formatted` */
function summarize(files: number, changed: number, wrong: number, isCheck: boolean): string {
  const verdict = isCheck ? `${changed} would change: buildit fmt` : `${changed} formatted`;
  const parts = [`${files} file${files === 1 ? '' : 's'}`, changed === 0 ? 'none to change' : verdict];
  if (wrong > 0) parts.push(`${wrong} not read`);
  return parts.join(', ');
}
