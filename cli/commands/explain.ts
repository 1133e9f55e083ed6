import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { explainFile } from '#config/pipeline/explain.ts';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { readImportsOf } from '../file/imports.ts';
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
  const stage = (isStage ? first : second) ?? null;
  const explained = explainFile(file.shown, file.text, stage, readImportsOf(file, folder));
  switch (explained.kind) {
    case 'explained':
      screen.out(explained.text);
      return EXIT.done;
    case 'wrong':
      await sayDiagnostics(screen, explained.diagnostics, file, explained.texts);
      return EXIT.usage;
    case 'unknown-stage':
      throw new CommandError(EXIT.notFound, {
        code: 'stage-unknown',
        message: `${file.shown} has no stage or gate "${stage ?? ''}"`,
        fix: explained.hint ?? 'buildit explain without STAGE shows all of them',
      });
    default:
      return explained satisfies never;
  }
};
