import {
  constants,
  copyFileSync,
  chmodSync,
  mkdirSync,
  openSync,
  readSync,
  closeSync,
  readdirSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { readIfPresent, writePrivateFile } from './private-file.ts';
import { runCommand } from './run-command.ts';
import { compareVersions, isSupported, parseServerVersion, type ServerVersion } from './temporal-version.ts';

/** A `temporal` program and the server in it. */
export interface TemporalBinary {
  path: string;
  version: ServerVersion;
}

/** Our copies: `<cache>/temporal/<server version>/temporal`. */
export interface TemporalCache {
  folder: string;
  /** The newest supported copy, or the copy of exactly `version`. */
  find(version?: ServerVersion): TemporalBinary | null;
  /** Version of a program, asked once and then known by path, time and size. Null: it is no Temporal. */
  ask(path: string): Promise<ServerVersion | null>;
  /** Copies a program in, so that its user may upgrade or remove it while runs are open (ENGINE 10). */
  adopt(binary: TemporalBinary): TemporalBinary;
}

/** Opens the cache; makes nothing until something is adopted. */
export function openTemporalCache(cacheFolder: string): TemporalCache {
  const folder = join(cacheFolder, 'temporal');
  const knownFile = join(folder, 'known.json');
  const pathOf = (version: ServerVersion): string => join(folder, version, 'temporal');

  function has(version: ServerVersion): boolean {
    return statSync(pathOf(version), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  return {
    folder,
    find(version) {
      const versions = version === undefined ? listVersions(folder) : [version];
      const found = versions
        .filter((one) => isSupported(one) && has(one))
        .toSorted(compareVersions)
        .at(-1);
      return found === undefined ? null : { path: pathOf(found), version: found };
    },
    async ask(path) {
      const stat = statSync(path, { bigint: true });
      const key = `${path} ${stat.mtimeNs} ${stat.size}`;
      const known = readKnown(knownFile);
      const remembered = known[key];
      if (remembered !== undefined) return remembered;
      const result = await runCommand(path, ['--version'], { environment: {}, timeoutMs: 10_000 });
      const version = parseServerVersion(result.stdout);
      if (version !== null) {
        mkdirSync(folder, { recursive: true });
        writePrivateFile(knownFile, JSON.stringify({ ...known, [key]: version }));
      }
      return version;
    },
    adopt(binary) {
      // A script only points to the program (a version manager's shim): there is nothing of value to copy.
      if (has(binary.version)) return { path: pathOf(binary.version), version: binary.version };
      if (isScript(binary.path)) return binary;
      const target = pathOf(binary.version);
      const draft = `${target}.${process.pid}.new`;
      mkdirSync(join(folder, binary.version), { recursive: true });
      copyFileSync(binary.path, draft, constants.COPYFILE_FICLONE);
      chmodSync(draft, 0o755);
      renameSync(draft, target);
      return { path: target, version: binary.version };
    },
  };
}

function listVersions(folder: string): ServerVersion[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
  } catch {
    return [];
  }
}

function readKnown(file: string): Record<string, ServerVersion> {
  try {
    const parsed: unknown = JSON.parse(readIfPresent(file) ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, ServerVersion>) : {};
  } catch {
    return {};
  }
}

function isScript(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const start = Buffer.alloc(2);
    readSync(descriptor, start, 0, 2, 0);
    return start.toString('latin1') === '#!';
  } finally {
    closeSync(descriptor);
  }
}
