import { beforeEach, describe, expect, test } from 'vitest';
import { useServer } from '#test/env/use-server.ts';

const TEXT = `pipeline "p" {
  image "busybox:1.37"
  env "BOTH" "\${env.REGION ?? 'none'} and more"
}
stage "build" { run "true" }
`;

describe('variables of a pipeline', () => {
  const use = useServer();
  let made = 0;
  let path: string;
  let pipeline: string;
  beforeEach(async () => {
    const name = `set-${++made}`;
    pipeline = (await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT })).body.id;
    path = `/pipelines/${pipeline}/variables`;
  });
  const put = (variables: Record<string, unknown>, version = 0) =>
    use().ann('PUT', path, { variables }, { 'If-Match': `"${version}"` });

  test('are replaced as a whole, version by version, and the audit has their names without values', async () => {
    const first = await use().vic('GET', path);
    expect(first.body).toMatchObject({ variables: {}, version: 0, updatedAt: null, can: { write: { no: /./ } } });
    expect(first.headers.get('etag')).toBe('"0"');
    const saved = await put({ REGION: 'eu', LEVEL: 'info' });
    expect(saved).toMatchObject({ status: 200, body: { version: 1, updatedBy: 'user:ann', can: { write: true } } });
    expect((await put({ REGION: 'us', MORE_: '' }, 1)).body).toMatchObject({ variables: { REGION: 'us', MORE_: '' } });
    const [entry] = await use().api.database<{ detail: unknown }[]>`
      SELECT detail FROM audit_events WHERE action = 'pipeline.variables' AND object_id = ${pipeline}
      ORDER BY id DESC LIMIT 1`;
    expect(entry?.detail).toEqual({ added: ['MORE_'], changed: ['REGION'], removed: ['LEVEL'] });
  });

  test('whoever was slower gets the present ones, and without If-Match nothing is written', async () => {
    await put({ REGION: 'eu' });
    expect(await put({ REGION: 'us' })).toMatchObject({
      status: 412,
      body: { code: 'changed-meanwhile', changedBy: 'user:ann', present: { variables: { REGION: 'eu' }, version: 1 } },
    });
    expect((await use().ann('PUT', path, { variables: {} })).status).toBe(428);
  });

  test('only who may write pipelines sets them, and nobody of another organization sees them', async () => {
    const headers = { 'If-Match': '"0"' };
    expect((await use().bo('PUT', path, { variables: { A: '1' } }, headers)).status).toBe(403);
    expect((await use().mallory('GET', path)).status).toBe(404);
    expect((await use().mallory('PUT', path, { variables: {} }, headers)).status).toBe(404);
  });

  test.each([
    [{ '1A': 'x' }, 'not beginning with a digit'],
    [{ BUILDIT_RUN: 'x' }, 'those of BuildIt'],
    [{ A: 'x\0' }, 'NUL'],
    [{ A: 'x'.repeat(10_001) }, 'too_big'],
    [Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`V${index}`, ''])), 'more than 200'],
  ])('what no environment can carry is refused %#', async (variables, why) => {
    const { status, body } = await put(variables);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(why);
  });

  test('a run has those of its start as the lowest layer, also when they have changed since', async () => {
    await put({ REGION: 'eu' });
    const { body: run } = await use().bo('POST', `/pipelines/${pipeline}/runs`, {});
    await put({ REGION: 'us' }, 1);
    const { body: next } = await use().bo('POST', `/pipelines/${pipeline}/runs`, {});
    const rows = await use().api.database<{ envFile: unknown }[]>`
      SELECT env_file FROM runs WHERE id IN (${run.id}, ${next.id}) ORDER BY id`;
    expect(rows.map(({ envFile }) => envFile)).toEqual([{ REGION: 'eu' }, { REGION: 'us' }]);
    const { body: plan } = await use().bo('GET', `/runs/${run.id}/plan`);
    expect(plan.nodes[0].env.BOTH).toBe('eu and more');
  });
});
