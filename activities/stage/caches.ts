import { createHash } from 'node:crypto';
import { addAbortSignal } from 'node:stream';
import type { AttemptEnding } from '#core/attempt.ts';
import type { CacheRule, CacheScopes, CacheUse, FoundCache } from '#core/cache.ts';
import { faultOf } from '#core/fault.ts';
import { handleName } from '#core/ids.ts';
import type { ArtifactStore } from '#store/artifact/port.ts';
import { cacheIdOf } from '#store/cache/open-cache-store.ts';
import type { CacheStore } from '#store/cache/port.ts';
import type { ObjectStore } from '#store/object/port.ts';
import { type CacheTree, nameInTree, type RestoreOutcome } from '../executor/caches.ts';
import type { AttemptSpec, Executor, Handle } from '../executor/port.ts';
import type { CacheRecords } from '../record/port.ts';
import { describeLost, describeMiss, describeNotSaved, describeRestored, describeSaved } from './cache-words.ts';
import type { StageControl } from './control.ts';
import type { SourceFiles } from './source-files.ts';

export interface CacheDeps {
  store: CacheStore;
  records: CacheRecords;
  /** Of a workspace. */
  limitBytes: number;
}

/** A rule with its texts filled in. */
export interface ResolvedCache {
  rule: CacheRule;
  key: string;
  prefixes: string[];
}

/** The caches of one attempt, from looking for entries to saving one. */
export interface StageCaches {
  /** For the executor. */
  trees: CacheTree[];
  /** Says in the log what was found; by the worker that began the attempt alone. */
  begun(handle: Handle, note: Note): Promise<void>;
  /**
   * Keeps what the stage left, where its ending asks for it and the key is not there yet. Before the attempt's end is
   * recorded, so that whoever waits for it finds the entry. What fails is said in the log and changes nothing else.
   */
  save(ended: { ending: AttemptEnding; handle: Handle; tookMs: number }, note: Note): Promise<void>;
  uses(): CacheUse[];
}

/** Writes a line of ours into the attempt's log. */
export type Note = (line: string) => Promise<void>;

interface OpenCache extends ResolvedCache {
  version: string;
  found: FoundCache | null;
  outcome: RestoreOutcome | null;
}

export interface CacheContext {
  deps: CacheDeps & {
    objects: Pick<ObjectStore, 'get' | 'put'>;
    artifacts: Pick<ArtifactStore, 'list'>;
    source: SourceFiles;
    background(runId: string, work: () => Promise<void>): void;
    report(error: unknown, what: string): void;
  };
  executor: Executor;
  spec: AttemptSpec;
  /** References of the inputs, whose files may lie where a cache does. */
  inputs: readonly Parameters<ArtifactStore['list']>[0][];
  scopes: CacheScopes;
  control: StageControl;
}

/** Looks for an entry for each cache. Without the database they are not found, which no stage fails by. */
export async function openStageCaches(context: CacheContext, resolved: readonly ResolvedCache[]): Promise<StageCaches> {
  const { deps, spec, scopes } = context;
  const { runId } = spec;
  const usesKey = `cache-uses/${handleName(runId, spec.stage, spec.attempt)}`;
  const inputPaths = await listInputPaths(context);
  const caches = await Promise.all(resolved.map((one) => openCache(context, one)));
  const trees = await Promise.all(caches.map((cache) => describeTree(context, cache, inputPaths)));
  let uses: CacheUse[] = [];

  async function forget(cache: OpenCache): Promise<void> {
    if (cache.found === null) return;
    await deps.records.forgetCache(cache.found.id);
    await deps.store.remove(cacheIdOf(cache.found.reference));
  }

  async function noteFound(cache: OpenCache, note: Note): Promise<void> {
    const { found, outcome, rule } = cache;
    const name = { runId, name: rule.name, version: cache.version };
    if (found === null) await note(describeMiss(cache, scopes));
    else if (outcome?.kind === 'lost') {
      await note(describeLost(cache, found, outcome.cause));
      if (outcome.isDamaged) await quietly(context, () => forget(cache), 'remove a damaged cache');
    } else await note(describeRestored(cache, found, outcome?.ms ?? 0));
    const hit = found !== null && outcome?.kind === 'restored' ? found.id : null;
    await quietly(context, () => deps.records.countCacheUse({ ...name, found: hit }), 'count the use of a cache');
  }

  return {
    trees,
    async begun(handle, note) {
      if (!handle.created) {
        const bytes = await deps.objects.get(usesKey);
        if (bytes !== null) uses = JSON.parse(Buffer.from(bytes).toString('utf8')) as CacheUse[];
        return;
      }
      for (const cache of caches) await noteFound(cache, note);
      uses = caches.map(describeUse);
      await deps.objects.put(usesKey, Buffer.from(JSON.stringify(uses)));
    },
    async save({ ending, handle, tookMs }, note) {
      for (const cache of caches) {
        const saved = await saveCache(context, cache, { ending, handle, tookMs, note });
        const use = uses.find(({ name }) => name === cache.rule.name);
        if (!use) continue;
        if (saved !== null) use.savedBytes = saved;
        if (use.found === 'key' && cache.found) use.savedMs = Math.max(0, cache.found.madeMs - tookMs);
      }
    },
    uses: () => uses,
  };
}

async function openCache(context: CacheContext, resolved: ResolvedCache): Promise<OpenCache> {
  const { deps, spec, scopes } = context;
  const { rule, key, prefixes } = resolved;
  const version = createHash('sha256').update(JSON.stringify(rule.paths)).digest('hex').slice(0, 16);
  const wanted = { runId: spec.runId, name: rule.name, version, scopes: scopes.read, key, prefixes };
  const found = await quietly(context, () => deps.records.findCache(wanted), `look for the cache ${rule.name}`);
  return { ...resolved, version, found: found ?? null, outcome: null };
}

async function describeTree(
  { deps, spec }: CacheContext,
  cache: OpenCache,
  inputPaths: readonly string[],
): Promise<CacheTree> {
  const { found, rule } = cache;
  const places = rule.paths.filter((path) => !path.startsWith('~/'));
  const covered = await Promise.all(
    places.map(async (path) => {
      const isInput = inputPaths.some((input) => input === path || input.startsWith(`${path}/`));
      return isInput || deps.source.has(spec.source, path);
    }),
  );
  return {
    name: rule.name,
    paths: rule.paths,
    shared: places.filter((_, index) => covered[index]),
    entry: found && {
      id: found.reference.digest.slice(0, 32),
      bytes: found.bytes,
      folders: found.reference.folders,
      open: () => deps.store.load(found.reference),
    },
    onRestored(outcome) {
      cache.outcome = outcome;
    },
  };
}

async function listInputPaths({ deps, inputs }: CacheContext): Promise<string[]> {
  const lists = await Promise.all(inputs.map((reference) => deps.artifacts.list(reference)));
  return lists.flat().map(({ path }) => path);
}

function describeUse({ rule, key, found, outcome }: OpenCache): CacheUse {
  const isUsed = found !== null && outcome?.kind === 'restored';
  return {
    name: rule.name,
    key,
    found: isUsed ? (found.key === key ? 'key' : 'prefix') : 'nothing',
    entry: isUsed ? { key: found.key, scope: found.scope, bytes: found.bytes } : null,
    restoreMs: outcome?.kind === 'restored' ? outcome.ms : 0,
    savedMs: null,
    savedBytes: null,
  };
}

/** Bytes of the new entry; null when none was made. */
async function saveCache(
  context: CacheContext,
  cache: OpenCache,
  ended: { ending: AttemptEnding; handle: Handle; tookMs: number; note: Note },
): Promise<number | null> {
  const { deps, spec, executor, scopes, control } = context;
  const { rule, key, version } = cache;
  const { ending, handle, tookMs, note } = ended;
  const { runId } = spec;
  // A cancel waits for nothing; a fault of ours says nothing about the files.
  if (ending === 'cancelled' || ending === 'errored') return null;
  if (ending !== 'passed' && rule.save !== 'always') {
    await note(describeNotSaved(cache, 'the stage did not pass'));
    return null;
  }
  const wanted = { runId, name: rule.name, version, scopes: scopes.read, key, prefixes: [] };
  try {
    // Under its key an entry never changes: what is there needs no second saving.
    if ((await deps.records.findCache(wanted)) !== null) return null;
    if (scopes.write === null) {
      await note(describeNotSaved(cache, 'a pull request from a fork only reads'));
      return null;
    }
    const begun = Date.now();
    const id = { runId, name: digestOf(`${handle.name}\0${rule.name}`) };
    const tar = await executor.collect(handle, { trees: rule.paths });
    addAbortSignal(control.signal, tar);
    const content = await deps.store.save(id, tar, rule.paths.map(nameInTree));
    if (content === null) {
      await deps.store.remove(id);
      await note(describeNotSaved(cache, `there is nothing at ${rule.paths.join(', ')}`));
      return null;
    }
    const { files, bytes, reference } = content;
    const entry = { ...wanted, scope: scopes.write, stage: spec.stage, files, bytes, reference, madeMs: tookMs };
    if (!(await deps.records.insertCache(entry))) {
      await deps.store.remove(id);
      await note(describeNotSaved(cache, 'another stage has saved this key meanwhile'));
      return null;
    }
    const evicted = await deps.records.evictCaches({ runId, limitBytes: deps.limitBytes });
    deps.background(runId, () => removeAll(context, evicted));
    const isKept = !evicted.some((gone) => gone.key === reference.key);
    await note(
      isKept
        ? describeSaved(cache, content, Date.now() - begun)
        : describeNotSaved(cache, 'it is larger than all caches of the workspace together may be'),
    );
    return isKept ? bytes : null;
  } catch (error) {
    // Somebody else goes on with the attempt and saves under the same id, or it begins anew.
    const reason = control.reason();
    if (reason === 'leave' || reason === 'reset') throw error;
    deps.report(error, `save the cache ${rule.name} of ${handle.name}`);
    const cause = faultOf(error)?.cause ?? (error instanceof Error ? error.message : String(error));
    await note(describeNotSaved(cache, reason === 'cancel' ? 'the stage was cancelled' : cause));
    return null;
  }
}

/** Bytes of entries that have no row any more. What is not removed now is swept later. */
async function removeAll(context: CacheContext, evicted: readonly { key: string }[]): Promise<void> {
  const { deps } = context;
  await quietly(
    context,
    async () => {
      for (const { key } of evicted) await deps.store.remove(cacheIdOf({ key }));
    },
    'remove caches beyond the limit',
  );
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** What is not worth a stage: reported, and null. */
async function quietly<Result>(
  { deps }: CacheContext,
  work: () => Promise<Result>,
  what: string,
): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    deps.report(error, what);
    return null;
  }
}
