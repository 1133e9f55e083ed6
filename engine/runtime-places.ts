import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './places.ts';

/** Sockets of one engine. They live outside the data folder, whose path may be longer than a socket's may (ENGINE 4). */
export interface RuntimePlaces {
  folder: string;
  socket: string;
  control: string;
  postgres: string;
}

/** Longest part behind the folder: `/01234567.pg/.s.PGSQL.5432.lock`. Together at most 103 bytes, the limit of macOS. */
const LONGEST_NAME = 31;
const LONGEST_SOCKET = 103;

/** Names the sockets of a data folder. @param dataFolder its real path */
export function nameRuntimePlaces(dataFolder: string, environment: Environment): RuntimePlaces {
  const id = hashDataPath(dataFolder);
  const folder = chooseRuntimeFolder(environment);
  const at = (name: string): string => join(folder, `${id}.${name}`);
  return { folder, socket: at('sock'), control: at('control.sock'), postgres: at('pg') };
}

/** Eight hex digits that stand for a data folder. */
export function hashDataPath(dataFolder: string): string {
  return createHash('sha256').update(dataFolder).digest('hex').slice(0, 8);
}

function chooseRuntimeFolder(environment: Environment): string {
  const given = environment['XDG_RUNTIME_DIR'];
  if (given?.startsWith('/') && isFolder(given)) {
    const folder = join(given, 'buildit');
    if (Buffer.byteLength(folder) + LONGEST_NAME <= LONGEST_SOCKET) return folder;
  }
  return `/tmp/buildit-${process.getuid?.() ?? 0}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
