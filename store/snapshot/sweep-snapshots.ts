import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readCautiousTime } from '../host-clock.ts';
import { absentAs } from '../object/absent-as.ts';
import { toStoreFault } from '../object/disk-fault.ts';
import { LOOKED, type SweepOptions, type SweepWalk } from '../swept.ts';
import { decodeManifest, encodeManifest } from './manifest.ts';
import { listIndexDigests } from './stat-index.ts';

/** What was not touched for so long is of somebody who has died over it; an index, of a folder nobody runs any more. */
const DRAFT_MS = 86_400_000;
const INDEX_MS = 30 * 86_400_000;

/** What runs without a repository begin from. Who has taken it once remembers it, and takes it never again. */
const EMPTY = encodeManifest({ version: 1, entries: [] }).digest;

/** Sources that may go. Asked before anything of them is removed; answers those whose rows are gone. */
export type ForgetSnapshots = (digests: readonly string[]) => Promise<string[]>;

/**
 * Removes snapshots that no kept run begins from, and contents that no snapshot and no index names. Safe beside takers
 * and senders: they touch what they rely on. An index is what a taker trusts without a look: contents stay while one
 * that names them was there when the sweep began. Answers counts of snapshots, and bytes of contents.
 */
export async function* sweepSnapshots({ folder, kept, forget, isThorough }: Sources, options: SweepOptions): SweepWalk {
  try {
    const manifests = join(folder, 'manifests');
    const youngest = readCautiousTime() - options.graceMs;
    const old: { digest: string; at: number }[] = [];
    for (const { name, at } of await listFiles(manifests)) {
      const digest = name.replace(/\.json$/, '');
      if (at < youngest && !kept.has(digest) && digest !== EMPTY) old.push({ digest, at });
    }
    const gone = new Set(
      options.isDry ? old.map(({ digest }) => digest) : await forget(old.map(({ digest }) => digest)),
    );
    const going = old.filter(({ digest }) => gone.has(digest));
    for (const { digest, at } of going) {
      const path = join(manifests, `${digest}.json`);
      // Somebody has taken the same tree again meanwhile.
      if (!options.isDry && ((await findTime(path)) ?? Infinity) < youngest) await rm(path, { force: true });
      yield { kind: 'swept', swept: { count: 1, bytes: 0, oldestAt: at } };
    }
    if (!isThorough && gone.size === 0) return;
    yield* sweepContents(folder, gone, options);
    if (!options.isDry) await sweepDrafts(folder);
  } catch (thrown) {
    throw toStoreFault(thrown, 'sweep the snapshots of sources');
  }
}

interface Sources {
  /** Of `openSnapshotStore`. */
  folder: string;
  /** Digests of the snapshots that kept runs begin from. */
  kept: ReadonlySet<string>;
  forget: ForgetSnapshots;
  /** Looks at the contents also when no snapshot has gone. */
  isThorough: boolean;
}

async function* sweepContents(folder: string, gone: ReadonlySet<string>, options: SweepOptions): SweepWalk {
  const youngest = readCautiousTime() - options.graceMs;
  const named = new Set<string>();
  for (const { name, at } of await listFiles(join(folder, 'index'))) {
    const path = join(folder, 'index', name);
    yield LOOKED;
    for (const digest of await listIndexDigests(path)) named.add(digest);
    if (!options.isDry && at < readCautiousTime() - INDEX_MS) await rm(path, { force: true });
  }
  for (const { name } of await listFiles(join(folder, 'manifests'))) {
    yield LOOKED;
    if (gone.has(name.replace(/\.json$/, '')) && options.isDry) continue;
    const bytes = await absentAs(readFile(join(folder, 'manifests', name)), null);
    for (const entry of bytes === null ? [] : decodeManifest(bytes).entries) {
      if (entry.kind === 'file') named.add(entry.digest);
    }
  }
  const contents = join(folder, 'contents');
  for (const part of await absentAs(readdir(contents), [])) {
    if (part.startsWith('.')) continue;
    for (const name of await absentAs(readdir(join(contents, part)), [])) {
      yield LOOKED;
      if (named.has(part + name)) continue;
      const facts = await absentAs(stat(join(contents, part, name)), null);
      if (facts === null || facts.mtimeMs >= youngest) continue;
      if (!options.isDry) await rm(join(contents, part, name), { force: true });
      yield { kind: 'swept', swept: { count: 0, bytes: facts.size, oldestAt: null } };
    }
  }
}

/** Half of something, of a process that died. */
async function sweepDrafts(folder: string): Promise<void> {
  const [top, inner, writing] = [folder, join(folder, 'contents'), join(folder, '.writing')];
  const drafts = [
    ...(await absentAs(readdir(top), [])).filter((name) => name.startsWith('git-')).map((name) => join(top, name)),
    ...(await absentAs(readdir(inner), [])).filter((name) => name.startsWith('.')).map((name) => join(inner, name)),
    ...(await absentAs(readdir(writing), [])).map((name) => join(writing, name)),
  ];
  for (const path of drafts) {
    if (((await findTime(path)) ?? Infinity) < readCautiousTime() - DRAFT_MS)
      await rm(path, { recursive: true, force: true });
  }
}

async function listFiles(folder: string): Promise<{ name: string; at: number }[]> {
  const names = (await absentAs(readdir(folder), [])).filter((name) => !name.startsWith('.'));
  const found = await Promise.all(names.map(async (name) => ({ name, at: await findTime(join(folder, name)) })));
  return found.flatMap(({ name, at }) => (at === null ? [] : [{ name, at }]));
}

function findTime(path: string): Promise<number | null> {
  return absentAs(
    stat(path).then(({ mtimeMs }) => mtimeMs),
    null,
  );
}
