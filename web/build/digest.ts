import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a build is made of, from the repository's top. */
const SOURCES = ['web/build', 'web/index.html', 'web/src', 'core', 'package-lock.json'];
const NO_SOURCE = /\.test\.tsx?$/;

/** SHA-256 over all that the interface is built from: another digest, another build. */
export function digestSources(home: string): string {
  const hash = createHash('sha256');
  for (const file of listSources(home))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(home, file)))
      .update('\0');
  return hash.digest('hex');
}

function listSources(home: string): string[] {
  return SOURCES.flatMap((source) => {
    if (!statSync(join(home, source)).isDirectory()) return [source];
    return readdirSync(join(home, source), { recursive: true, withFileTypes: true, encoding: 'utf8' })
      .filter((entry) => entry.isFile() && !NO_SOURCE.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1));
  }).toSorted();
}
