import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository's top. */
export const home = resolve(import.meta.dirname, '../..');

/** The tracked files whose path matches, from the repository's top; those deleted in the work tree are left out. */
export function listTracked(pattern: RegExp): string[] {
  const output = execFileSync('git', ['ls-files', '-z'], { cwd: home, encoding: 'utf8' });
  return output.split('\0').filter((file) => pattern.test(file) && existsSync(join(home, file)));
}

/** A file's text. @param file from the repository's top */
export function readTracked(file: string): string {
  return readFileSync(join(home, file), 'utf8');
}

/** `file:line: text` of each line of the files that matches. */
export function findLines(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    readTracked(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}
