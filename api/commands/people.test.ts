import { describe, expect, test } from 'vitest';
import type { GateState } from '#core/run.ts';
import { AT, ended, node, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = `
stage "build" {
  image "busybox:1.37"
  run "true"
}
gate "ship" needs="build" {
  approve from="team:sre"
  no-self
}
gate "any" needs="build" {
  approve from="user:bo"
}
`;

describe('gates of runs on the server', () => {
  const use = useServer();

  const openGates = async (name: string) => {
    const { api, ann } = use();
    await ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    const run = (await use().bo('POST', `/pipelines/${name}/runs`, {})).body;
    await playBatch(api, run, 1, { nodes: [node('build', ended('passed'))] });
    const open = (gate: string, from: string): GateState => ({
      name: gate,
      status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
      ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [{ from, min: 1 }] },
    });
    await playBatch(api, run, 2, { gates: [open('ship', 'team:sre'), open('any', 'user:bo')] });
    const gatesOf = async (ask: typeof ann) =>
      Object.fromEntries(
        (await ask('GET', `/runs/${run.id}/gates`)).body.items.map((gate: { name: string }) => [gate.name, gate]),
      );
    return { run, gatesOf };
  };

  test('a gate says who may decide and why another may not', async () => {
    const { gatesOf } = await openGates('told');
    expect((await gatesOf(use().bo))['any'].can.approve).toBe(true);
    expect((await gatesOf(use().bo))['ship'].can.approve).toMatchObject({ code: 'self-approval' });
    expect((await gatesOf(use().ann))['ship'].can.approve).toMatchObject({ code: 'not-an-approver' });
    expect((await gatesOf(use().vic))['any'].can.approve).toMatchObject({ code: 'not-allowed' });
  });

  test('a decision names the person, verified, and is refused to who lacks the right', async () => {
    const { run, gatesOf } = await openGates('decided');
    const { any: gate } = await gatesOf(use().bo);
    expect(await use().vic('POST', `/gates/${gate.id}/decisions`, { verdict: 'approve' })).toMatchObject({
      status: 403,
    });
    expect(await use().mallory('POST', `/gates/${gate.id}/decisions`, { verdict: 'approve' })).toMatchObject({
      status: 404,
    });
    expect(await use().bo('POST', `/gates/${gate.id}/decisions`, { verdict: 'approve' })).toMatchObject({
      status: 200,
    });
    const sent = use().api.workflows.updates.find(({ runId }) => runId === run.id);
    expect(sent?.update).toMatchObject({
      name: 'decideGate',
      args: ['any', { actor: { id: 'user:bo', teams: [], verified: true } }],
    });
  });

  test('nobody acts for another on a server', async () => {
    const { gatesOf } = await openGates('acting');
    const { ship } = await gatesOf(use().ann);
    const request = { verdict: 'approve', as: 'team:sre/eve' };
    expect(await use().ann('POST', `/gates/${ship.id}/decisions`, request)).toMatchObject({
      status: 403,
      body: { code: 'as-local-only' },
    });
  });

  test('a run on the server is repeated by who may trigger, under its number', async () => {
    const { run } = await openGates('again');
    expect(await use().bo('POST', `/runs/${run.id}/rerun`, { kind: 'all' })).toMatchObject({
      status: 409,
      body: { code: 'run-open' },
    });
    await playBatch(use().api, run, 3, { run: ended('failed') });
    expect(await use().vic('POST', `/runs/${run.id}/rerun`, { kind: 'all' })).toMatchObject({ status: 403 });
    expect(await use().ann('POST', '/runs/again%231/rerun', { kind: 'all' })).toMatchObject({
      status: 201,
      body: { label: 'again#1.2', number: 1, attempt: 2, startedBy: 'user:ann' },
    });
    expect(await use().vic('GET', '/pipelines/again/runs/1')).toMatchObject({ body: { attempt: 2 } });
    const secrets = { TOKEN: 'x' };
    expect(await use().ann('POST', '/runs/again%231/rerun', { kind: 'all', secrets })).toMatchObject({ status: 422 });
  });
});
