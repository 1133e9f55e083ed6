import { describe, expect, test } from 'vitest';
import type { GateState } from '#core/run.ts';
import { AT, ended, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const textFor = (environment: string, approver = 'bo', more = '') => `
gate "ship" {
  approve from="user:${approver}"
  ${more}
}
stage "deploy" needs="ship" {
  image "busybox:1.37"
  environment "${environment}"
  run "true"
}
`;
const open: GateState = {
  name: 'ship',
  status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
  ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [{ from: 'user:bo', min: 1 }] },
};

describe('approving gates together', () => {
  const use = useServer();
  let count = 0;

  /** A gate that bo may decide, before a stage of an environment; with its run. */
  const ask = async (environment: string, text = textFor(environment)) => {
    const { ann, api, bo } = use();
    api.workflows.answer(() => ({ kind: 'accepted' }));
    await ann('POST', '/environments?workspace=acme/shop', { name: environment });
    const name = `batch-${++count}`;
    expect((await ann('POST', '/pipelines?workspace=acme/shop', { name, text })).status).toBe(201);
    const run = (await ann('POST', `/pipelines/${name}/runs`, {})).body as { id: string };
    await playBatch(api, run, 1, { gates: [open] });
    const [gate] = (await bo('GET', `/runs/${run.id}/gates`)).body.items as { id: string; seq: number }[];
    if (!gate) throw new Error('no gate');
    return { run, gate: { id: gate.id, expectedSeq: gate.seq }, name };
  };
  const countSent = () => use().api.workflows.updates.length;

  test('the inbox says which environment a gate leads to', async () => {
    const { gate } = await ask('production');
    const { waiting } = (await use().bo('GET', '/me/inbox')).body;
    expect(waiting.find((item: { gate: { id: string } }) => item.gate.id === gate.id)).toMatchObject({
      environment: 'production',
    });
  });

  test('each of them is approved, and each is in the audit', async () => {
    const gates = [(await ask('production')).gate, (await ask('production')).gate];
    const before = countSent();
    const { status, body } = await use().bo('POST', '/gates/decisions', { gates, comment: 'go' });
    expect(status).toBe(200);
    expect(body.items.map((item: { state: string }) => item.state)).toEqual(['decided', 'decided']);
    const sent = use().api.workflows.updates.slice(before);
    expect(sent.map(({ update }) => update.name)).toEqual(['decideGate', 'decideGate']);
    expect(new Set(sent.map(({ update }) => update.id)).size).toBe(2);
    const audit = (await use().ann('GET', '/audit?workspace=acme/shop&action=gate.approve')).body.items;
    const objects = audit.map(({ object }: { object: { id: string } }) => object.id);
    for (const { id } of gates) expect(objects).toContain(id);
  });

  test('asked again with its key it acts once', async () => {
    const gates = [(await ask('production')).gate];
    const headers = { 'idempotency-key': 'batch-once' };
    await use().bo('POST', '/gates/decisions', { gates }, headers);
    const before = countSent();
    expect((await use().bo('POST', '/gates/decisions', { gates }, headers)).status).toBe(200);
    expect(countSent()).toBe(before);
  });

  test('one that is not in order stops all of them, and is named', async () => {
    const good = await ask('production');
    const stale = await ask('production');
    const fields = await ask('production', textFor('production', 'bo', 'field "version" required=#true'));
    const over = await ask('production');
    await playBatch(use().api, over.run, 2, { run: ended('cancelled') });
    // A place is that in the request, also behind what is named twice.
    const gates = [good.gate, good.gate, { ...stale.gate, expectedSeq: 999 }, fields.gate, over.gate];
    const before = countSent();
    const { status, body } = await use().bo('POST', '/gates/decisions', { gates });
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'batch-refused' });
    expect(body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`)).toEqual([
      '/gates/2 gate-changed',
      '/gates/3 field-missing',
      '/gates/4 run-ended',
    ]);
    expect(countSent()).toBe(before);
  });

  test('gates of several environments are not approved together', async () => {
    const gates = [(await ask('production')).gate, (await ask('staging')).gate];
    const before = countSent();
    const { status, body } = await use().bo('POST', '/gates/decisions', { gates });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'gates-apart' });
    expect(countSent()).toBe(before);
  });

  test('who may not decide is told so as for a single gate, and what one may not see is not there', async () => {
    const gates = [(await ask('production')).gate];
    expect((await use().vic('POST', '/gates/decisions', { gates })).body).toMatchObject({
      status: 403,
      code: 'not-allowed',
    });
    const refused = (await use().ann('GET', '/audit?workspace=acme/shop&verdict=refused')).body.items;
    expect(refused.map(({ action }: { action: string }) => action)).toContain('approveGates');
    expect((await use().mallory('POST', '/gates/decisions', { gates })).status).toBe(404);
    expect((await use().ann('POST', '/gates/decisions', { gates })).body).toMatchObject({ code: 'batch-refused' });
  });

  test('a refusal of a workflow afterwards is told for that gate alone', async () => {
    const gates = [(await ask('production')).gate, (await ask('production')).gate];
    let asked = 0;
    use().api.workflows.answer(() =>
      ++asked === 1
        ? { kind: 'accepted' }
        : { kind: 'refused', code: 'already-decided', message: 'it is decided already' },
    );
    const { body } = await use().bo('POST', '/gates/decisions', { gates });
    expect(body.items.map((item: { state: string }) => item.state).toSorted()).toEqual(['decided', 'refused']);
  });

  test('who may not decide does not learn how a gate stands, and the audit says which gate it was', async () => {
    const over = await ask('production');
    await playBatch(use().api, over.run, 2, { run: ended('cancelled') });
    const gates = [{ id: over.gate.id, expectedSeq: 999 }];
    const { body } = await use().vic('POST', '/gates/decisions', { gates });
    expect(body).toMatchObject({ status: 403, code: 'not-allowed', errors: [{ pointer: '/right' }] });
    const [refused] = (await use().ann('GET', '/audit?workspace=acme/shop&verdict=refused&limit=1')).body.items;
    expect(refused).toMatchObject({
      ...{ action: 'approveGates', actor: 'user:vic' },
      object: { kind: 'gate', id: over.gate.id, name: 'ship' },
    });
  });

  test('a fault of ours is no refusal: not while they are looked at, not when one is sent, not in the audit', async () => {
    const { api, bo, ann } = use();
    const [one, two] = [await ask('production'), await ask('production')];
    const gates = [one.gate, two.gate];
    const [{ rules } = { rules: null }] = await api.database`SELECT rules FROM gates WHERE id = ${two.gate.id}`;
    await api.database`UPDATE gates SET rules = '{}' WHERE id = ${two.gate.id}`;
    expect(await bo('POST', '/gates/decisions', { gates })).toMatchObject({ status: 500, body: { code: 'internal' } });
    await api.database`UPDATE gates SET rules = ${api.database.json(rules as never)} WHERE id = ${two.gate.id}`;
    api.workflows.answer((runId) => {
      if (runId === two.run.id) throw new Error('the gateway broke');
      return { kind: 'accepted' };
    });
    expect(await bo('POST', '/gates/decisions', { gates })).toMatchObject({ status: 500, body: { code: 'internal' } });
    const audit = (await ann('GET', '/audit?workspace=acme/shop&action=gate.approve&limit=1')).body.items;
    expect(audit).toMatchObject([{ object: { id: one.gate.id } }]);
    api.workflows.answer(() => ({ kind: 'accepted' }));
    await api.database`ALTER TABLE audit_events ADD CONSTRAINT broken CHECK (action <> 'gate.approve') NOT VALID`;
    const unheard = await bo('POST', '/gates/decisions', { gates });
    await api.database`ALTER TABLE audit_events DROP CONSTRAINT broken`;
    expect(unheard).toMatchObject({ status: 500, body: { code: 'internal' } });
  });
});
