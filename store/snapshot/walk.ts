import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { errorCode } from '../object/disk-fault.ts';
import { type FileStamp, stampOf } from './file-stamp.ts';
import { type IgnoreRules, judge, readRules, takeBack } from './ignore-rules.ts';
import type { StatIndex } from './stat-index.ts';

/** What stands in a folder tree; paths relative to its root, `/`-separated. */
export type Found =
  | { kind: 'folder'; path: string }
  | { kind: 'link'; path: string; target: string }
  | { kind: 'file'; path: string; mode: number; stamp: FileStamp };

export interface Walk {
  found: Found[];
  /** Things left out because they are no source: sockets, pipes, devices, data of an engine. */
  notices: string[];
  /** For the index: the rules of each folder. */
  folders: Map<string, string>;
}

export interface WalkOptions {
  /** Paths (folders with a `/` behind) that git has although a `.gitignore` names them. */
  tracked: ReadonlySet<string>;
  known: StatIndex;
}

/** Longest the walk keeps the process from its other work. */
const SLICE_MS = 15;
/** Files that the data folder of an engine has (ENGINE 1): its keys, and every snapshot before, are nobody's source. */
const ENGINE_FILES = ['engine.lock', 'instance-id'];

/**
 * Lists a tree without what its rules leave out and without any `.git`. Synchronous calls
 * in slices: 50,000 files take 0.2 s, through promises five times that. What vanishes
 * while it is listed was not there; what may not be read is `snapshot-unreadable`. Rules are
 * asked about new names alone: they cost as much as the file system.
 */
export async function walkTree(root: string, { tracked, known }: WalkOptions): Promise<Walk> {
  const walk: Walk = { found: [], notices: [], folders: new Map() };
  const trackedId =
    tracked.size === 0
      ? ''
      : createHash('sha256')
          .update([...tracked].join('\0'))
          .digest('hex')
          .slice(0, 16);
  const open: { prefix: string; rules: IgnoreRules | null }[] = [{ prefix: '', rules: null }];
  let sliceEnd = performance.now() + SLICE_MS;
  for (let folder = open.pop(); folder; folder = open.pop()) {
    const { prefix } = folder;
    const entries = act(`${root}/${prefix}`, (path) => readdirSync(path, { withFileTypes: true }), prefix === '');
    if (!entries) continue;
    const names = new Set(entries.map((entry) => entry.name));
    if (ENGINE_FILES.every((name) => names.has(name))) {
      walk.notices.push(`${prefix || '.'} is the data of a BuildIt engine and is not part of the source`);
      continue;
    }
    const rules = readRules(root, prefix, names, folder.rules);
    const rulesId = `${trackedId}:${rules?.id ?? ''}`;
    const isKnownFolder = known.folders.get(prefix) === rulesId;
    walk.folders.set(prefix, rulesId);
    for (const entry of entries) {
      if (entry.name === '.git') continue;
      const path = entry.isDirectory() ? `${prefix}${entry.name}/` : prefix + entry.name;
      const verdict = isKnownFolder && known.files.has(path) ? null : judge(rules, path);
      // What git has is not ignored to git.
      if (verdict?.isIgnored && !(verdict.file === '.gitignore' && tracked.has(path))) continue;
      if (entry.isDirectory()) {
        walk.found.push({ kind: 'folder', path: path.slice(0, -1) });
        open.push({ prefix: path, rules: verdict?.isIgnored === false ? takeBack(rules, path) : rules });
      } else {
        const found = look(root, path, walk.notices);
        if (found) walk.found.push(found);
      }
    }
    if (performance.now() > sliceEnd) {
      await yieldToOthers();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  return walk;
}

/** One path that is no folder. Null when it is gone or holds no content. */
function look(root: string, path: string, notices: string[]): Found | null {
  const full = `${root}/${path}`;
  const stats = act(full, (place) => lstatSync(place, { throwIfNoEntry: false }), false);
  if (!stats) {
    // Node reads names as UTF-8; the replacement sign says that it could not.
    if (path.includes('\uFFFD')) throw unreadable(full, 'its name is not UTF-8', 'Rename it');
    return null;
  }
  if (stats.isFile()) return { kind: 'file', path, mode: stats.mode & 0o777, stamp: stampOf(stats) };
  if (stats.isSymbolicLink()) {
    const target = act(full, (place) => readlinkSync(place), false);
    return target === null ? null : { kind: 'link', path, target };
  }
  if (!stats.isDirectory()) notices.push(`${path} is a socket, pipe or device and is not part of the source`);
  return null;
}

/** Runs a call of the file system. Null when the place is gone, unless it has to be there. */
function act<Result>(path: string, call: (path: string) => Result, isNeeded: boolean): Result | null {
  try {
    return call(path);
  } catch (thrown) {
    const code = errorCode(thrown);
    if (!isNeeded && (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EINVAL')) return null;
    throw unreadable(path, code ?? String(thrown), 'Let this user read it, or name it in .builditignore');
  }
}

/** `snapshot-unreadable`: something that belongs to the source cannot be taken along. */
export function unreadable(path: string, cause: string, fix: string): FaultError {
  return new FaultError({
    code: 'snapshot-unreadable',
    message: `${path} is part of the source and cannot be read`,
    cause,
    fix,
    retry: NO_RETRY,
  });
}
