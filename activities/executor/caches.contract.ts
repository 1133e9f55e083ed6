import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultError } from '#core/fault.ts';
import type { CacheEntry, CacheTree, RestoreOutcome } from './caches.ts';
import { type ContractSubject, followAttempt, readTar } from './executor.contract.ts';
import type { AttemptSpec, PreparedAttempt } from './port.ts';
import { createSpec, NONCE } from './testing/attempt-spec.ts';

/** Says that the run has caches; is never begun. */
export const WITH_CACHES: PreparedAttempt = {
  name: 'bi-never',
  shell: ['sh'],
  steps: [],
  nonce: NONCE,
  runHasCaches: true,
};

/** A cache that notes what it is told. */
export interface ToldCache extends CacheTree {
  told: RestoreOutcome[];
}

export function describeCache(changes: Partial<CacheTree>): ToldCache {
  const told: RestoreOutcome[] = [];
  const rest = { name: 'c', paths: ['kept'], shared: [], entry: null, ...changes };
  return { ...rest, told, onRestored: (outcome) => void told.push(outcome) };
}

/** An entry of files by their names in the tar; every folder on the way stands in front of them. */
export function makeEntry(files: Readonly<Record<string, string>>, folders: string[]): CacheEntry {
  return {
    id: randomUUID(),
    bytes: Object.values(files).join('').length,
    folders,
    open() {
      const tar = pack();
      const made = new Set<string>();
      for (const [name, content] of Object.entries(files)) {
        const parts = name.split('/');
        for (let depth = 1; depth < parts.length; depth++) {
          const folder = parts.slice(0, depth).join('/');
          if (!made.has(folder)) tar.entry({ name: folder, type: 'directory', mode: 0o755 });
          made.add(folder);
        }
        tar.entry({ name, mode: 0o644, mtime: new Date('2020-01-02T03:04:05Z') }, content);
      }
      tar.finalize();
      return Readable.from(tar);
    },
  };
}

function makeDamaged(): CacheEntry {
  const whole = makeEntry({ 'workspace/kept/a': 'x'.repeat(2_000_000) }, ['workspace/kept']);
  const fault = {
    code: 'artifact-corrupt',
    message: 'damaged',
    cause: 'a chunk is gone',
    retry: { kind: 'no' },
  } as const;
  async function* broken() {
    let given = 0;
    for await (const bytes of whole.open() as AsyncIterable<Uint8Array>) {
      given += bytes.length;
      if (given > 1_000_000) throw new FaultError(fault);
      yield bytes;
    }
  }
  return { ...whole, open: () => Readable.from(broken()) };
}

/** What every executor keeps about caches. */
export function testCaches(name: string, openSubject: () => Promise<ContractSubject>): void {
  describe(`caches on ${name}`, () => {
    let subject: ContractSubject;
    const runId = randomUUID();
    beforeAll(async () => {
      subject = await openSubject();
      await subject.openWorker().host.openRun({ runId, source: subject.source, attempts: [WITH_CACHES] });
    });
    afterAll(async () => {
      await subject.openWorker().host.closeRun(runId);
      await subject.dispose();
    });

    async function run(stage: string, script: string, caches: CacheTree[], changes: Partial<AttemptSpec> = {}) {
      const { executor } = subject.openWorker();
      const { source, image, env } = subject;
      const handle = await executor.start(
        createSpec([script], { runId, stage, source, image, env, caches, ...changes }),
      );
      return { handle, executor, ...(await followAttempt(executor, handle)) };
    }

    it('a cached folder is there as it was saved, beside the source', async () => {
      const entry = makeEntry({ 'workspace/kept/deep/a': 'one\n' }, ['workspace/kept']);
      const cache = describeCache({ entry });
      const { text } = await run('hit', 'cat kept/deep/a README.md; date -u -r kept/deep/a +%Y', [cache]);
      expect(text).toBe('one\nfrom the source\n2020\n');
      expect(cache.told).toMatchObject([{ kind: 'restored' }]);
    });

    it('what a stage changes in it is seen by no other stage', async () => {
      const entry = makeEntry({ 'workspace/kept/a': 'one\n', 'workspace/kept/b': 'two\n' }, ['workspace/kept']);
      await run('spoil', 'echo spoilt > kept/a; rm kept/b; echo more > kept/c', [describeCache({ entry })]);
      const { text } = await run('unspoilt', 'cat kept/a kept/b; ls kept', [describeCache({ entry })]);
      expect(text).toBe('one\ntwo\na\nb\n');
    });

    it('whole folders are taken, as they stand after the stage', async () => {
      const entry = makeEntry({ 'workspace/kept/a': 'one\n', 'workspace/kept/b': 'two\n' }, ['workspace/kept']);
      const script = 'rm kept/a; mkdir kept/empty; echo 3 > kept/c; ln -s /etc/hosts kept/l; echo f > file';
      const cache = describeCache({ entry, paths: ['kept', 'file', 'absent'] });
      const { handle, executor } = await run('take', script, [cache]);
      const tree = await readTar(await executor.collect(handle, { trees: ['kept', 'file', 'absent'] }));
      // Folders have a slash at the end or have none.
      expect(Object.fromEntries(Object.entries(tree).map(([path, text]) => [path.replace(/\/$/, ''), text]))).toEqual({
        'workspace/kept': '',
        'workspace/kept/b': 'two\n',
        'workspace/kept/c': '3\n',
        'workspace/kept/empty': '',
        'workspace/kept/l': '-> /etc/hosts',
        'workspace/file': 'f\n',
      });
    });

    it('nothing there is a tar of nothing', async () => {
      const { handle, executor } = await run('nothing', 'true', [describeCache({})]);
      expect(await readTar(await executor.collect(handle, { trees: ['kept'] }))).toEqual({});
    });

    it('artifacts see what is in a cached folder', async () => {
      const entry = makeEntry({ 'workspace/kept/a': 'one\n' }, ['workspace/kept']);
      const { handle, executor } = await run('artifact', 'echo two > kept/b', [describeCache({ entry })]);
      expect(await readTar(await executor.collect(handle, ['kept/*']))).toEqual({
        'kept/a': 'one\n',
        'kept/b': 'two\n',
      });
    });

    it('where the source has files too, both are there', async () => {
      const entry = makeEntry({ 'workspace/src/extra.txt': 'extra\n' }, ['workspace/src']);
      const cache = describeCache({ entry, paths: ['src'], shared: ['src'] });
      expect((await run('shared', 'cat src/app.txt src/extra.txt', [cache])).text).toBe('app\nextra\n');
    });

    it('a file is cached as well as a folder', async () => {
      const entry = makeEntry({ 'workspace/.state': 'state\n' }, []);
      expect((await run('file', 'cat .state', [describeCache({ entry, paths: ['.state'] })])).text).toBe('state\n');
    });

    it('a damaged entry leaves nothing, is told, and the stage runs without it', async () => {
      const cache = describeCache({ entry: makeDamaged() });
      const { text, exit } = await run('damaged', 'ls; [ ! -e kept ]', [cache]);
      expect([exit.code, text]).toEqual([0, 'README.md\nsrc\n']);
      expect(cache.told).toEqual([{ kind: 'lost', cause: 'a chunk is gone', isDamaged: true }]);
    });
  });
}
