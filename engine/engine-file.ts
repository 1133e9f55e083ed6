import type { EngineFile } from '#core/engine-file.ts';
import { readIfPresent, writePrivateFile } from './private-file.ts';

/** The engine's own note how to reach it, or null when none runs (or ran and was ended hard: connect to know). */
export function readEngineFile(path: string): EngineFile | null {
  const text = readIfPresent(path);
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return isEngineFile(parsed) ? parsed : null;
  } catch {
    // Written by rename, so never half a file; what is not JSON was damaged from outside and says nothing.
    return null;
  }
}

/** Replaces `engine.json`, 0600: it holds the token. */
export function writeEngineFile(path: string, file: EngineFile): void {
  writePrivateFile(path, `${JSON.stringify(file, null, 2)}\n`);
}

function isEngineFile(value: unknown): value is EngineFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    'socket' in value &&
    typeof value.socket === 'string' &&
    'token' in value &&
    typeof value.token === 'string' &&
    'contentVersion' in value
  );
}
