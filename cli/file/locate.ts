import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { findGitTop } from './source-root.ts';

/** A pipeline file as it was asked for and as it is. */
export interface PipelineFile {
  /** As the person wrote it, or relative to where they stand: for messages. */
  shown: string;
  /** Absolute. */
  path: string;
  text: string;
}

/** The file that was named, or the one the repository has (LANGUAGE §1). Throws exit 2. */
export function locateFile(written: string | undefined, folder: string): PipelineFile {
  if (written !== undefined) return readPipelineFile(written, folder);
  const [first, second, ...rest] = locateFiles(folder);
  if (first === undefined) throw refuseNone(folder);
  if (second === undefined) return first;
  const names = [first, second, ...rest].map(({ shown }) => shown);
  throw new CommandError(EXIT.usage, {
    code: 'file-ambiguous',
    message: `there are ${names.length} pipeline files: ${names.join(', ')}`,
    fix: `name one: buildit run ${first.shown}`,
  });
}

/** Every pipeline file of the repository: here, else in the nearest folder above up to its top. */
export function locateFiles(folder: string): PipelineFile[] {
  const top = findGitTop(folder);
  for (let at = folder; ; at = dirname(at)) {
    const found = listCandidates(at);
    if (found.length > 0) return found.map((path) => readPipelineFile(relative(folder, path), folder));
    if (at === top || top === null || dirname(at) === at) return [];
  }
}

export function refuseNone(folder: string): CommandError {
  return new CommandError(EXIT.usage, {
    code: 'file-missing',
    message: 'there is no pipeline file here',
    cause: `${folder} has no .buildit.kdl, no buildit.kdl and no .buildit/*.kdl`,
    fix: 'let one be written: buildit init, or name one: buildit run FILE',
  });
}

export function readPipelineFile(written: string, folder: string): PipelineFile {
  const path = resolve(folder, written);
  try {
    if (statSync(path).isDirectory()) {
      throw new CommandError(EXIT.usage, {
        code: 'file-unreadable',
        message: `${written} is a folder, not a pipeline file`,
        fix: 'name the file in it',
      });
    }
    return { shown: written, path, text: readFileSync(path, 'utf8') };
  } catch (thrown) {
    if (thrown instanceof CommandError) throw thrown;
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    throw new CommandError(EXIT.usage, {
      code: code === 'ENOENT' ? 'file-missing' : 'file-unreadable',
      message: `${written} ${code === 'ENOENT' ? 'does not exist' : 'cannot be read'}`,
      cause: `open ${code}`,
      fix: 'check the path; without FILE buildit looks for .buildit.kdl, buildit.kdl and .buildit/*.kdl',
    });
  }
}

function listCandidates(folder: string): string[] {
  const single = ['.buildit.kdl', 'buildit.kdl'].map((name) => join(folder, name)).filter((path) => existsSync(path));
  const own = join(folder, '.buildit');
  const many = existsSync(own) && statSync(own).isDirectory() ? readdirSync(own) : [];
  const listed = many.filter((name) => name.endsWith('.kdl')).toSorted();
  return [...single, ...listed.map((name) => join(own, name))];
}
