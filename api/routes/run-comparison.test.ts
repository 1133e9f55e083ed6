import { describe, expect, test } from 'vitest';
import { asJson } from '#db/client.ts';
import { recordAttemptStart } from '#db/queries/record-attempt.ts';
import { AT, ended, node, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const stage = (name: string, script: string) => `stage "${name}" {\n  image "busybox:1.37"\n  run "${script}"\n}\n`;
const PARAM = 'pipeline "x" {\n  param "version" default="1"\n}\n';

describe('runs side by side', () => {
  const use = useServer();
  const create = async (name: string, text: string) => {
    expect(await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text })).toMatchObject({ status: 201 });
  };
  const start = async (name: string, params = {}) =>
    (await use().bo('POST', `/pipelines/${name}/runs`, { params })).body as { id: string; label: string };

  test('what differs is named by stage and property, what is equal is not', async () => {
    await create('diff', PARAM + stage('build', 'make') + stage('old', 'true'));
    const base = await start('diff');
    const text = `${PARAM}\n\n${stage('build', 'make all')}${stage('new', 'true')}`;
    await use().ann('PUT', '/pipelines/diff/text', { text }, { 'If-Match': '*' });
    const head = await start('diff', { version: '2' });
    await playBatch(use().api, base, 1, { nodes: [node('build', ended('passed'))] });
    await playBatch(use().api, head, 1, { nodes: [node('build', ended('failed'))] });
    const compared = await use().vic('GET', '/runs/compare?base=diff%231&head=diff%232');
    expect(compared).toMatchObject({
      status: 200,
      body: {
        base: { label: 'diff#1' },
        head: { label: 'diff#2' },
        params: [{ name: 'version', base: '1', head: '2' }],
        nodes: [
          {
            name: 'build',
            base: { ending: 'passed' },
            head: { ending: 'failed' },
            properties: [{ property: 'steps[1].script', base: 'make', head: 'make all' }],
          },
          { name: 'new', base: null, head: { ending: null } },
          { name: 'old', base: { ending: null }, head: null },
        ],
      },
    });
    const same = await use().vic('GET', `/runs/compare?base=${base.id}&head=${base.id}`);
    expect(same.body.params).toEqual([]);
    expect(same.body.nodes.flatMap((one: { properties: unknown[] }) => one.properties)).toEqual([]);
  });

  test('what the caches of a stage found stands beside what they found before', async () => {
    await create('cached', stage('build', 'make'));
    const [base, head] = [await start('cached'), await start('cached')];
    const { database } = use().api;
    const attempt = async (run: { id: string }, number: number, found: string) => {
      const result = asJson(database, { caches: [{ name: 'npm', key: 'k', found }] });
      await database`
        INSERT INTO attempts (run_id, stage, attempt, status, result, started_at, ended_at, order_key)
        VALUES (${run.id}, 'build', ${number}, ${asJson(database, ended('passed'))}, ${result}, ${AT}, ${AT}, ${number})`;
    };
    await attempt(base, 1, 'key');
    await attempt(base, 2, 'nothing');
    await attempt(head, 1, 'key');
    const { body } = await use().vic('GET', `/runs/compare?base=${base.id}&head=${head.id}`);
    expect(body.nodes).toMatchObject([
      { base: { caches: [{ name: 'npm', found: 'nothing' }] }, head: { caches: [{ name: 'npm', found: 'key' }] } },
    ]);
  });

  test('the image of a stage is told from its begin on, and compared with the one before', async () => {
    await create('imaged', stage('build', 'make'));
    const [base, head] = [await start('imaged'), await start('imaged')];
    const begin = (run: { id: string }, image?: string, db?: string) =>
      recordAttemptStart(
        use().api.database,
        { runId: run.id, stage: 'build', attempt: 1, version: 2 },
        { startedAt: AT, hostId: 'h', ...(image ? { image } : {}), ...(db ? { serviceImages: { db } } : {}) },
      );
    await begin(base, 'sha256:aa', 'sha256:dd');
    await begin(head, 'sha256:bb', 'sha256:ee');
    const { body } = await use().vic('GET', `/runs/compare?base=${base.id}&head=${head.id}`);
    expect(body.nodes).toMatchObject([
      {
        base: { image: 'sha256:aa', serviceImages: { db: 'sha256:dd' } },
        head: { image: 'sha256:bb', serviceImages: { db: 'sha256:ee' } },
      },
    ]);
    const stages = await use().vic('GET', `/runs/${base.id}/stages`);
    expect(stages.body.items).toMatchObject([
      { attempts: [{ image: 'sha256:aa', serviceImages: { db: 'sha256:dd' } }] },
    ]);
    const plain = await start('imaged');
    await begin(plain);
    const without = await use().vic('GET', `/runs/${plain.id}/stages`);
    expect(without.body.items).toMatchObject([{ attempts: [{ image: null, serviceImages: {} }] }]);
  });

  test('runs of different pipelines are not compared, foreign ones not found', async () => {
    await create('one', stage('a', 'true'));
    await create('two', stage('a', 'true'));
    const [one, two] = [await start('one'), await start('two')];
    expect(await use().vic('GET', `/runs/compare?base=${one.id}&head=${two.id}`)).toMatchObject({
      status: 422,
      body: { code: 'runs-unrelated' },
    });
    expect(await use().mallory('GET', `/runs/compare?base=${one.id}&head=${one.id}`)).toMatchObject({ status: 404 });
  });

  test('a timeline has what executed in order; where Temporal has it is for operators', async () => {
    await create('timed', stage('a', 'true'));
    const run = await start('timed');
    const { database } = use().api;
    const result = asJson(database, { programAt: AT, savedAt: null, stepMs: [20, 30] });
    await playBatch(use().api, run, 1, { nodes: [node('a', { kind: 'queued', since: AT })] });
    await database`
      INSERT INTO attempts (run_id, stage, attempt, status, result, started_at, ended_at, order_key)
      VALUES (${run.id}, 'a', 1, ${asJson(database, ended('passed'))}, ${result}, ${AT}, ${AT}, 1)`;
    expect(await use().vic('GET', `/runs/${run.id}/timeline`)).toMatchObject({
      status: 200,
      body: {
        ...{ to: null, workflow: null },
        spans: [
          {
            kind: 'attempt',
            name: 'a',
            attempt: 1,
            from: AT,
            to: AT,
            queuedAt: AT,
            programAt: AT,
            savedAt: null,
            stepMs: [20, 30],
          },
        ],
      },
    });
    const readLocal = async () => (await use().api.fetch(`/api/v1/runs/${run.id}/timeline`)).json();
    expect(await readLocal()).toMatchObject({ workflow: { id: `run/${run.id}`, url: null } });
    await database`UPDATE runs SET workflow_run_id = 'first' WHERE id = ${run.id}`;
    use().api.context.settings.temporalWeb = 'https://temporal.example.com';
    expect(await readLocal()).toMatchObject({
      workflow: { url: `https://temporal.example.com/namespaces/test/workflows/run%2F${run.id}/first/history` },
    });
  });
});
