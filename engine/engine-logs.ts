import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE_ROLES, type EngineRole } from '#core/engine-file.ts';
import type { EngineChoice } from './engine-control.ts';
import { findDataFolder, nameDataFiles } from './places.ts';

/** The end of one process' log. */
export interface EngineLog {
  role: EngineRole;
  path: string;
  lines: string[];
}

const LINES = 50;
const READ_BYTES = 512 * 1024;

/**
 * The last lines of our own processes' logs, of one role or of all that have one. Needs no engine. @param limit lines
 * of each, 50 unless told
 */
export function readEngineLogs(choice: EngineChoice & { role?: EngineRole; limit?: number }): EngineLog[] {
  const folder = choice.dataFolder ?? findDataFolder(choice.environment);
  const { logs } = nameDataFiles(folder);
  const roles = choice.role === undefined ? ENGINE_ROLES : [choice.role];
  return roles.flatMap((role) => {
    const path = join(logs, `${role}.log`);
    const lines = readLastLines(path, choice.limit ?? LINES);
    return lines === null ? [] : [{ role, path, lines }];
  });
}

function readLastLines(path: string, limit: number): string[] | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(0, size - READ_BYTES);
    const bytes = Buffer.alloc(size - start);
    const length = readSync(descriptor, bytes, 0, bytes.length, start);
    const lines = bytes.toString('utf8', 0, length).split('\n');
    // The first line is cut when the file is longer than what was read; the last is empty behind the final newline.
    return lines.slice(start > 0 ? 1 : 0, lines.at(-1) === '' ? -1 : undefined).slice(-limit);
  } finally {
    closeSync(descriptor);
  }
}
