import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markSealed, readSealed } from '#core/sealed-text.ts';
import type { Database } from '#db/client.ts';
import { createMigratedDatabase, type TestDatabases } from '#test/env/databases.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import { openKeyring } from './keyring.ts';
import type { MasterKey, MasterKeys } from './master-key.ts';
import { memorySecretStore } from './memory-secret-store.ts';
import { openSecretStore } from './open-secret-store.ts';
import { createOutputSealer } from './output-sealer.ts';
import type { SecretRecord } from './port.ts';
import { describeSecretStore, type SecretStoreBench } from './secret.contract.ts';
import { createTextSealer } from './text-sealer.ts';

const makeMasterKey = (): MasterKey => ({ id: randomBytes(8).toString('hex'), key: randomBytes(32) });
const MASTER = makeMasterKey();

describeSecretStore('memory', async () => {
  const store = memorySecretStore();
  const place = {
    ...{ organizationId: randomUUID(), workspaceId: randomUUID() },
    ...{ pipelineId: randomUUID(), environmentId: randomUUID() },
  };
  store.environments.set('live', place.environmentId);
  return {
    store,
    place,
    otherWorkspaceId: randomUUID(),
    commit: (write) => write(null as never),
    async openRun() {
      const runId = randomUUID();
      const run = { ...place, environmentId: null, isOpen: true };
      store.runs.set(runId, run);
      return { runId, end: async () => void store.runs.set(runId, { ...run, isOpen: false }) };
    },
    listAccesses: async () => store.accesses,
  };
});

describe('secrets in Postgres', () => {
  let server: TestDatabases;
  let database: Database;
  beforeAll(async () => {
    server = await joinPostgres();
    ({ database } = await createMigratedDatabase(server));
  });
  afterAll(async () => {
    await database.end();
    await server.stop();
  });

  /** A workspace of its own for each, on the one database. */
  async function openBench(options: { keys?: MasterKeys; maxWrites?: number } = {}): Promise<SecretStoreBench> {
    const keyring = openRing(options);
    const store = openSecretStore({ database, keyring });
    const place = await insertPlace(database);
    return {
      store,
      place,
      otherWorkspaceId: await insertWorkspace(database, place.organizationId),
      commit: (write) =>
        database.begin(async (transaction) => ({ row: await write(transaction) })).then(({ row }) => row),
      openRun: () => insertRun(database, place),
      listAccesses: async () =>
        database`SELECT run_id, stage, attempt, name, version, verdict, code FROM secret_accesses
          WHERE organization_id = ${place.organizationId} ORDER BY id`,
    };
  }
  function openRing(options: { keys?: MasterKeys; maxWrites?: number } = {}) {
    const { keys = [MASTER], ...rest } = options;
    return openKeyring({ database, loadKeys: async () => keys, ...rest });
  }
  const setOne = ({ store, place, commit }: SecretStoreBench, name: string, value: string): Promise<SecretRecord> =>
    store.create({ place: { ...place, pipelineId: null, environmentId: null }, name, value, by: 'user:ann' }, commit);
  const releaseOne = async ({ store, openRun }: SecretStoreBench, name: string) => {
    const { runId } = await openRun();
    return store.release({ runId, stage: 'build', attempt: 1, environment: null, names: [name] });
  };

  describeSecretStore('Postgres', openBench);

  it('no row holds a value, and equal values look different', async () => {
    const bench = await openBench();
    await setOne(bench, 'A', 'planted-value');
    await setOne(bench, 'B', 'planted-value');
    const rows = await database<{ text: string; ciphertext: Uint8Array }[]>`
      SELECT to_json(secret_versions)::text AS text, ciphertext FROM secret_versions
      WHERE organization_id = ${bench.place.organizationId}`;
    for (const encoding of ['utf8', 'hex', 'base64'] as const) {
      const form = Buffer.from('planted-value').toString(encoding);
      expect(rows.filter(({ text }) => text.includes(form))).toEqual([]);
    }
    expect(Buffer.from(rows[0]?.ciphertext ?? [])).not.toEqual(Buffer.from(rows[1]?.ciphertext ?? []));
  });

  it('a value moved to another secret, version or organization does not open, and the refusal is on record', async () => {
    const bench = await openBench();
    const [a, b] = [await setOne(bench, 'A', 'of a'), await setOne(bench, 'B', 'of b')];
    await bench.store.replace({ id: b.id, revision: 1, value: 'newer b', by: 'user:ann' }, bench.commit);
    const copy = (from: { id: string; version: number }, to: { id: string; version: number }) => database`
      UPDATE secret_versions AS moved SET data_key_id = other.data_key_id, iv = other.iv, ciphertext = other.ciphertext,
        tag = other.tag FROM secret_versions AS other
      WHERE moved.secret_id = ${to.id} AND moved.version = ${to.version}
        AND other.secret_id = ${from.id} AND other.version = ${from.version}`;
    await copy({ id: b.id, version: 2 }, a);
    await expect(releaseOne(bench, 'A')).rejects.toMatchObject({ fault: { code: 'secret-unsealable' } });
    await copy(b, { id: b.id, version: 2 });
    await expect(releaseOne(bench, 'B')).rejects.toMatchObject({ fault: { code: 'secret-unsealable' } });
    expect(await bench.listAccesses()).toMatchObject([
      { name: 'A', verdict: 'refused', code: 'secret-unsealable' },
      { name: 'B', verdict: 'refused', code: 'secret-unsealable' },
    ]);
    const foreign = await openBench();
    const c = await setOne(foreign, 'A', 'of another organization');
    await copy(c, a);
    await expect(releaseOne(bench, 'A')).rejects.toMatchObject({ fault: { code: 'data-key-missing' } });
  });

  it('a changed byte or a cut tag does not open', async () => {
    const bench = await openBench();
    const { id } = await setOne(bench, 'A', 'value');
    await database`UPDATE secret_versions SET tag = substring(tag FROM 1 FOR 4) WHERE secret_id = ${id}`;
    await expect(releaseOne(bench, 'A')).rejects.toMatchObject({ fault: { code: 'secret-unsealable' } });
    await bench.store.replace({ id, revision: 1, value: 'value', by: 'user:ann' }, bench.commit);
    await database`UPDATE secret_versions SET ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1)
      WHERE secret_id = ${id}`;
    await expect(releaseOne(bench, 'A')).rejects.toMatchObject({ fault: { code: 'secret-unsealable' } });
  });

  it('another master key opens nothing; the old one beside a new one opens and is replaced', async () => {
    const bench = await openBench();
    await setOne(bench, 'A', 'value');
    const reopen = (keys: MasterKeys) => ({
      ...bench,
      store: openSecretStore({ database, keyring: openRing({ keys }) }),
    });
    const next = makeMasterKey();
    await expect(releaseOne(reopen([next]), 'A')).rejects.toMatchObject({ fault: { code: 'master-key-wrong' } });
    expect(await releaseOne(reopen([next, MASTER]), 'A')).toEqual({ A: 'value' });
    const before = await database`SELECT * FROM secret_versions`;
    await reopen([next, MASTER]).store.renewKeys();
    expect(await releaseOne(reopen([next]), 'A')).toEqual({ A: 'value' });
    expect(await database`SELECT * FROM secret_versions`).toEqual(before);
    await reopen([MASTER, next]).store.renewKeys();
  });

  it('a data key seals a limited number of values, and what older keys sealed is sealed anew when it is met', async () => {
    const bench = await openBench({ maxWrites: 2 });
    const made = [await setOne(bench, 'A', 'a'), await setOne(bench, 'B', 'b'), await setOne(bench, 'C', 'c')];
    const countKeys = async () => (await listKeys(made.map(({ id }) => id))).length;
    expect(await countKeys()).toBe(2);
    expect(await releaseOne(bench, 'A')).toEqual({ A: 'a' });
    await bench.store.renewKeys();
    expect(await releaseOne(bench, 'B')).toEqual({ B: 'b' });
    const [retired] = await database<{ count: number }[]>`
      SELECT count(*) FROM secret_versions JOIN data_keys ON data_keys.id = data_key_id
      WHERE retired_at IS NOT NULL AND secret_id = ${made[1]?.id ?? ''}`;
    expect(retired?.count).toBe(0);
  });

  it('where nothing was ever sealed renewing keys asks for no master key', async () => {
    const empty = await createMigratedDatabase(server);
    const loadKeys = () => Promise.reject(new Error('asked for the master key'));
    const keyring = openKeyring({ database: empty.database, loadKeys });
    await openSecretStore({ database: empty.database, keyring }).renewKeys();
    await empty.database.end();
    await expect(
      openSecretStore({ database, keyring: openKeyring({ database, loadKeys }) }).renewKeys(),
    ).rejects.toThrow('asked for the master key');
  });

  it('many who need the first key of an organization at once agree on one', async () => {
    const bench = await openBench();
    const made = await Promise.all(Array.from({ length: 12 }, (_, index) => setOne(bench, `S${index}`, String(index))));
    expect(await listKeys(made.map(({ id }) => id))).toHaveLength(1);
    expect(await releaseOne(bench, 'S7')).toEqual({ S7: '7' });
  });

  it('a sealed text opens for its organization and purpose alone', async () => {
    const [{ organizationId }, other] = [await insertPlace(database), await insertPlace(database)];
    const sealer = createTextSealer(openRing());
    const sealed = await sealer.seal(organizationId, 'webhook 1', 'signing key');
    expect(JSON.stringify(sealed)).not.toContain('signing');
    expect(await sealer.open(organizationId, 'webhook 1', sealed)).toBe('signing key');
    const wrongPurpose = sealer.open(organizationId, 'webhook 2', sealed);
    await expect(wrongPurpose).rejects.toMatchObject({ fault: { code: 'text-unsealable' } });
    const wrongOwner = sealer.open(other.organizationId, 'webhook 1', sealed);
    await expect(wrongOwner).rejects.toMatchObject({ fault: { code: 'data-key-missing' } });
  });

  it('a secret output opens for every run of its organization, and for no other', async () => {
    const [bench, other] = [await openBench(), await openBench()];
    const outputs = createOutputSealer(database, createTextSealer(openRing()));
    const [first, again, foreign] = [await bench.openRun(), await bench.openRun(), await other.openRun()];
    const sealed = await outputs.seal(first.runId, 'planted-output');
    expect(Buffer.from(readSealed(sealed) ?? '', 'base64').toString()).not.toContain('planted-output');
    expect(await outputs.open(again.runId, sealed)).toBe('planted-output');
    await expect(outputs.open(foreign.runId, sealed)).rejects.toMatchObject({ fault: { code: 'data-key-missing' } });
    const posed = outputs.open(first.runId, markSealed('bm90aGluZw=='));
    await expect(posed).rejects.toMatchObject({ fault: { code: 'text-unsealable' } });
  });

  async function listKeys(secretIds: string[]): Promise<readonly unknown[]> {
    return database<
      { dataKeyId: string }[]
    >`SELECT DISTINCT data_key_id FROM secret_versions WHERE secret_id IN ${database(secretIds)}`;
  }
});

async function insertPlace(database: Database): Promise<SecretStoreBench['place']> {
  const [organizationId, pipelineId, environmentId] = [randomUUID(), randomUUID(), randomUUID()];
  await database`INSERT INTO organizations (id, name) VALUES (${organizationId}, ${`org-${organizationId}`})`;
  const workspaceId = await insertWorkspace(database, organizationId);
  await database`INSERT INTO pipelines (id, workspace_id, origin, path, name)
    VALUES (${pipelineId}, ${workspaceId}, 'server', '', 'demo')`;
  await database`INSERT INTO environments (id, workspace_id, name) VALUES (${environmentId}, ${workspaceId}, 'live')`;
  return { organizationId, workspaceId, pipelineId, environmentId };
}

async function insertWorkspace(database: Database, organizationId: string): Promise<string> {
  const id = randomUUID();
  await database`INSERT INTO workspaces (id, organization_id, name) VALUES (${id}, ${organizationId}, ${`ws-${id}`})`;
  return id;
}

async function insertRun(database: Database, { workspaceId, pipelineId }: SecretStoreBench['place']) {
  const runId = randomUUID();
  await database`
    INSERT INTO runs (id, workspace_id, pipeline_id, scope, number, attempt, label, trigger, started_by, params, notices,
      plan, plan_digest, file, source, environment, env_file, status, status_kind)
    VALUES (${runId}, ${workspaceId}, ${pipelineId}, ${runId}, 1, 1, 'demo#1', 'api', 'user:ann', '{}', '[]', '{}', '',
      'demo.kdl', '{}', '{}', '{}', '{}', 'running')`;
  await database`
    INSERT INTO stages (id, run_id, kind, name, stage, position, needs, run_on, status, status_kind, outputs, artifacts, seq)
    VALUES (${randomUUID()}, ${runId}, 'stage', 'build', 'build', 0, '[]', 'success', '{}', 'queued', '{}', '[]', 1)`;
  return {
    runId,
    end: async () =>
      void (await database`UPDATE runs SET status_kind = 'ended', ending = 'passed' WHERE id = ${runId}`),
  };
}
