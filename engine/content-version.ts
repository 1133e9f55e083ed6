import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readIfPresent, writePrivateFile } from './private-file.ts';

/** Folders whose sources decide what worker, API and supervisor do (ENGINE 9). */
const FOLDERS = [
  'core',
  'config',
  'workflows',
  'activities',
  'store',
  'db',
  'temporal',
  'tracing',
  'api',
  'engine',
] as const;
const SOURCE = /\.(ts|sql|json|proto)$/;
const NO_SOURCE = /\.(test|contract)\.ts$/;
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['testdata', 'histories', 'node_modules']);

/**
 * SHA-256 over the lock file and the engine folders' sources, hex. Every command asks for it, so the answer is kept in
 * `cacheFile` with size, times and inode of each file; while these are the same nothing is read.
 * @param home folder that holds package-lock.json
 */
export async function computeContentVersion(home: string, cacheFile: string): Promise<string> {
  const files = listSources(home);
  const stamp = files.map((file) => `${file} ${stampFile(join(home, file))}`).join('\n');
  const known = readIfPresent(cacheFile);
  if (known !== null && known.slice(65) === stamp) return known.slice(0, 64);
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(join(home, file));
    hash.update(`${file}\0${content.byteLength}\0`).update(content);
  }
  const version = hash.digest('hex');
  keepAnswer(cacheFile, `${version}\n${stamp}`);
  return version;
}

function listSources(home: string): string[] {
  const files = ['package-lock.json'];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(home, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) walk(path);
      } else if (SOURCE.test(entry.name) && !NO_SOURCE.test(entry.name)) files.push(path);
    }
  };
  for (const folder of FOLDERS) {
    if (statSync(join(home, folder), { throwIfNoEntry: false })?.isDirectory()) walk(folder);
  }
  return files.toSorted();
}

function stampFile(path: string): string {
  const stat = statSync(path);
  return `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino}`;
}

function keepAnswer(cacheFile: string, text: string): void {
  try {
    mkdirSync(join(cacheFile, '..'), { recursive: true });
    writePrivateFile(cacheFile, text);
  } catch {
    // A cache that cannot be written costs every command some milliseconds and is no reason to fail.
  }
}
