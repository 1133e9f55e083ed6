import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { PipelineFile } from './locate.ts';

/** Puts a text in the place of a file as a whole or not at all; a symbolic link stays one. Throws exit 2. */
export function replaceFile({ shown, path }: PipelineFile, text: string): void {
  let next = '';
  try {
    const real = realpathSync(path);
    next = `${real}.${process.pid}.next`;
    writeFileSync(next, text, { flag: 'wx', mode: statSync(real).mode });
    renameSync(next, real);
  } catch (thrown) {
    if (next !== '') rmSync(next, { force: true });
    throw new CommandError(EXIT.usage, {
      code: 'file-unwritable',
      message: `${shown} cannot be written`,
      cause: thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown),
      fix: 'check the mode of the file and of its folder, and the space on the disk',
    });
  }
}
