import { describe, expect, test } from 'vitest';
import { noteSweep } from '#db/queries/sweeps.ts';
import { addOrganization, addPerson, ask, openPort } from '#test/env/people.ts';
import { refusalOf, useApi } from '#test/env/use-api.ts';

describe('leftovers', () => {
  const use = useApi();
  const found = { kind: 'chunks' as const, count: 3, bytes: 5_000, oldestAt: '2026-01-02T03:04:05.000Z' };

  test('are counted for operators, with how long runs are kept, and removed with an audit', async () => {
    const { client, workflows, database } = use();
    workflows.leftovers = { leftovers: [found], troubles: ['hosts: no daemon'] };
    expect(await client.findLeftovers()).toEqual({
      leftovers: [found],
      troubles: ['hosts: no daemon'],
      retention: { days: 30, bytes: 10e9 },
    });
    expect(await client.prune()).toMatchObject({ leftovers: [found], troubles: [] });
    const events = await database`SELECT actor, detail FROM audit_events WHERE action = 'installation.prune'`;
    expect(events).toMatchObject([{ actor: 'user:local', detail: { leftovers: [found] } }]);
  });

  test('are nobody else’s to see or to remove', async () => {
    const { database, context } = use();
    const { id: organizationId } = await addOrganization(database, 'acme');
    const owner = await addPerson(database, 'ann', { organizationId, role: 'owner' });
    const port = await openPort(context);
    const headers = { 'idempotency-key': 'p' };
    const looked = await ask(port, 'GET', 'system/leftovers', { as: owner });
    const pruned = await ask(port, 'POST', 'system/prune', { as: owner, headers });
    expect([looked.status, pruned.status]).toEqual([403, 403]);
    await port.close();
  });

  test('while another sweep is at work nobody is told a wrong number', async () => {
    use().workflows.leftovers = null;
    expect(await refusalOf(use().client.findLeftovers())).toMatchObject({ status: 409, code: 'sweep-busy' });
  });

  test('what was swept so far is in the figures', async () => {
    await noteSweep(use().database, 'runs', { count: 2, bytes: 100 }, true);
    await noteSweep(use().database, 'runs', { count: 1, bytes: 0 }, false);
    const text = await (await use().fetch('/metrics')).text();
    expect(text).toContain('\nbuildit_swept_runs 3\n');
    expect(text).toContain('\nbuildit_swept_runs_bytes 100\n');
  });
});
