import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SecretAccess } from './memory-secret-store.ts';
import type { Commit, SecretPlace, SecretStore } from './port.ts';

/** A store of a test, and what surrounds it. */
export interface SecretStoreBench {
  store: SecretStore;
  /** A workspace of an organization, with a pipeline and an environment. */
  place: { organizationId: string; workspaceId: string; pipelineId: string; environmentId: string };
  /** Another workspace of the same organization. */
  otherWorkspaceId: string;
  commit: Commit;
  /** A run of the pipeline with the stage `build`. */
  openRun(): Promise<{ runId: string; end(): Promise<void> }>;
  listAccesses(): Promise<SecretAccess[]>;
}

/** What every {@link SecretStore} does. `open` makes an empty one. */
export function describeSecretStore(name: string, open: () => Promise<SecretStoreBench>): void {
  describe(`secret store: ${name}`, () => {
    it('a stage of an open run gets the value that was set, and leaves a record of it', async () => {
      const { store, place, commit, openRun, listAccesses } = await open();
      await store.create({ place: ofWorkspace(place), name: 'TOKEN', value: 'one ü\nline', by: 'user:ann' }, commit);
      const { runId } = await openRun();
      expect(await release(store, runId, ['TOKEN', 'OTHER'])).toEqual({ TOKEN: 'one ü\nline' });
      expect(await listAccesses()).toMatchObject([
        { runId, stage: 'build', attempt: 1, name: 'TOKEN', version: 1, verdict: 'released', code: null },
        { runId, stage: 'build', attempt: 1, name: 'OTHER', version: null, verdict: 'refused', code: 'secret-missing' },
      ]);
    });

    it('a run that is over gets nothing, and the refusal is on record', async () => {
      const { store, place, commit, openRun, listAccesses } = await open();
      await store.create({ place: ofWorkspace(place), name: 'TOKEN', value: 'x', by: 'user:ann' }, commit);
      const { runId, end } = await openRun();
      await end();
      await expect(release(store, runId, ['TOKEN'])).rejects.toMatchObject({ fault: { code: 'secret-run-over' } });
      expect(await listAccesses()).toMatchObject([{ name: 'TOKEN', verdict: 'refused', code: 'secret-run-over' }]);
      const nobody = release(store, randomUUID(), ['TOKEN']);
      await expect(nobody).rejects.toMatchObject({ fault: { code: 'run-unknown' } });
    });

    it('the nearest place wins: pipeline, environment, workspace, organization', async () => {
      const { store, place, commit, openRun } = await open();
      const { runId } = await openRun();
      const ask = () => store.release({ ...requestOf(runId, ['TOKEN']), environment: 'live' });
      const places: [string, SecretPlace][] = [
        ['organization', { ...ofWorkspace(place), workspaceId: null }],
        ['workspace', ofWorkspace(place)],
        ['environment', { ...ofWorkspace(place), environmentId: place.environmentId }],
        ['pipeline', { ...ofWorkspace(place), pipelineId: place.pipelineId }],
      ];
      for (const [value, held] of places) {
        await store.create({ place: held, name: 'TOKEN', value, by: 'user:ann' }, commit);
        expect(await ask()).toEqual({ TOKEN: value });
      }
      expect(await store.find(ofWorkspace(place), ['TOKEN', 'NONE'])).toMatchObject([
        { name: 'TOKEN', workspaceId: place.workspaceId, pipelineId: null },
      ]);
    });

    it('a secret of another workspace or environment is none', async () => {
      const { store, place, otherWorkspaceId, commit, openRun } = await open();
      const { runId } = await openRun();
      const places = [
        { ...ofWorkspace(place), workspaceId: otherWorkspaceId },
        { ...ofWorkspace(place), environmentId: place.environmentId },
      ];
      for (const held of places) await store.create({ place: held, name: 'TOKEN', value: 'x', by: 'user:ann' }, commit);
      expect(await release(store, runId, ['TOKEN'])).toEqual({});
      expect(await store.find(ofWorkspace(place), ['TOKEN'])).toEqual([]);
    });

    it('a name is there once in a place', async () => {
      const { store, place, otherWorkspaceId, commit } = await open();
      const secret = { place: ofWorkspace(place), name: 'TOKEN', value: 'x', by: 'user:ann' };
      await store.create(secret, commit);
      await expect(store.create(secret, commit)).rejects.toMatchObject({ fault: { code: 'secret-exists' } });
      await store.create({ ...secret, place: { ...secret.place, workspaceId: otherWorkspaceId } }, commit);
    });

    it('a new value is the next version; an older one can be made the newest again', async () => {
      const { store, place, commit, openRun } = await open();
      const { runId } = await openRun();
      const first = await store.create(
        { place: ofWorkspace(place), name: 'TOKEN', value: 'one', by: 'user:ann' },
        commit,
      );
      const second = await store.replace({ id: first.id, revision: 1, value: 'two', by: 'user:bob' }, commit);
      expect(second).toMatchObject({ id: first.id, version: 2, updatedBy: 'user:bob' });
      expect(await release(store, runId, ['TOKEN'])).toEqual({ TOKEN: 'two' });
      const third = await store.replace({ id: first.id, revision: 2, restoredVersion: 1, by: 'user:ann' }, commit);
      expect(third.version).toBe(3);
      expect(await release(store, runId, ['TOKEN'])).toEqual({ TOKEN: 'one' });
      const unknown = store.replace({ id: first.id, revision: 3, restoredVersion: 9, by: 'user:ann' }, commit);
      await expect(unknown).rejects.toMatchObject({ fault: { code: 'secret-version-unknown' } });
    });

    it('a change that is based on an older version is refused', async () => {
      const { store, place, commit, openRun } = await open();
      const { id } = await store.create({ place: ofWorkspace(place), name: 'A', value: '1', by: 'user:ann' }, commit);
      await store.replace({ id, revision: 1, value: '2', by: 'user:ann' }, commit);
      const stale = { id, revision: 1, by: 'user:bob' };
      for (const change of [
        () => store.replace({ ...stale, value: '3' }, commit),
        () => store.setDisabled({ ...stale, isDisabled: true }, commit),
        () => store.remove(stale, commit),
      ]) {
        await expect(change()).rejects.toMatchObject({ fault: { code: 'secret-changed' } });
      }
      expect(await release(store, (await openRun()).runId, ['A'])).toEqual({ A: '2' });
    });

    it('of many changes at once of one version one is made', async () => {
      const { store, place, commit } = await open();
      const { id } = await store.create({ place: ofWorkspace(place), name: 'A', value: '1', by: 'user:ann' }, commit);
      const changes = ['2', '3', '4', '5'].map((value) =>
        store.replace({ id, revision: 1, value, by: 'user:a' }, commit),
      );
      const settled = await Promise.allSettled(changes);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('a disabled secret is released to nobody and hides those farther away, until it is enabled', async () => {
      const { store, place, commit, openRun, listAccesses } = await open();
      const { runId } = await openRun();
      const far = { ...ofWorkspace(place), workspaceId: null };
      await store.create({ place: far, name: 'TOKEN', value: 'far', by: 'user:ann' }, commit);
      const near = { place: ofWorkspace(place), name: 'TOKEN', value: 'near', by: 'user:ann' };
      const { id } = await store.create(near, commit);
      const off = await store.setDisabled({ id, revision: 1, by: 'user:bob', isDisabled: true }, commit);
      expect(off).toMatchObject({ version: 1, disabledAt: expect.any(String) });
      expect(await release(store, runId, ['TOKEN'])).toEqual({});
      expect(await listAccesses()).toMatchObject([{ version: 1, verdict: 'refused', code: 'secret-disabled' }]);
      await store.setDisabled({ id, revision: off.revision, by: 'user:bob', isDisabled: false }, commit);
      expect(await release(store, runId, ['TOKEN'])).toEqual({ TOKEN: 'near' });
    });

    it('a removed secret is gone, and the record of its releases is not', async () => {
      const { store, place, commit, openRun, listAccesses } = await open();
      const { runId } = await openRun();
      const made = await store.create({ place: ofWorkspace(place), name: 'A', value: 'x', by: 'user:ann' }, commit);
      await release(store, runId, ['A']);
      expect(await store.remove({ id: made.id, revision: 1, by: 'user:ann' }, commit)).toMatchObject({ name: 'A' });
      expect(await store.find(ofWorkspace(place), ['A'])).toEqual([]);
      expect(await release(store, runId, ['A'])).toEqual({});
      expect(await listAccesses()).toMatchObject([
        { name: 'A', verdict: 'released' },
        { name: 'A', verdict: 'refused' },
      ]);
    });

    it('what the caller of a change refuses is not done', async () => {
      const { store, place, commit } = await open();
      const refusing: Commit = () =>
        commit(async () => {
          throw new Error('not today');
        });
      const secret = { place: ofWorkspace(place), name: 'A', value: 'x', by: 'user:ann' };
      await expect(store.create(secret, refusing)).rejects.toThrow('not today');
      expect(await store.find(ofWorkspace(place), ['A'])).toEqual([]);
    });

    it('values are released whole, also long ones and those called like parts of an object', async () => {
      const { store, place, commit, openRun } = await open();
      const values = { constructor: 'x', LONG: 'é'.repeat(32_768), KEY: '-----BEGIN\n{\r\n"a": 1 }\n' };
      for (const [name, value] of Object.entries(values)) {
        await store.create({ place: ofWorkspace(place), name, value, by: 'user:ann' }, commit);
      }
      expect(await release(store, (await openRun()).runId, [...Object.keys(values), 'toString'])).toEqual(values);
    });
  });
}

function ofWorkspace({ organizationId, workspaceId }: SecretStoreBench['place']): SecretPlace {
  return { organizationId, workspaceId, environmentId: null, pipelineId: null };
}

function requestOf(runId: string, names: readonly string[]) {
  return { runId, stage: 'build', attempt: 1, environment: null, names };
}

function release(store: SecretStore, runId: string, names: readonly string[]): Promise<Record<string, string>> {
  return store.release(requestOf(runId, names));
}
