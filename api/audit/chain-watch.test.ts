import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askAs } from '#test/env/ask.ts';
import { addPerson } from '#test/env/people.ts';
import { useServer } from '#test/env/use-server.ts';

describe('what is known of a chain', () => {
  const use = useServer();
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
  const read = async (query = 'workspace=acme/shop') => (await use().ann('GET', `/audit/chain?${query}`)).body;
  const make = (name: string) => use().ann('POST', '/teams?organization=acme', { name });

  test('it is intact up to now, by a walk over what is new; a change is found by the next whole walk', async () => {
    const { acme, api, port, vic, bo } = use();
    await make('one');
    await make('two');
    const first = await read();
    expect(first).toMatchObject({ verdict: 'intact', broken: null, verifiedUpTo: expect.any(String) });
    expect(await read('organization=acme')).toEqual(first);
    expect(await vic('GET', '/audit/chain?workspace=acme/shop')).toMatchObject({ status: 403 });
    expect(await bo('GET', '/audit/chain?organization=acme')).toMatchObject({ status: 403 });

    await api.database.begin(async (sql) => {
      await sql`SET LOCAL session_replication_role = replica`;
      await sql`UPDATE audit_events SET actor = 'user:nobody' WHERE object_name = 'one'`;
    });
    await make('three');
    later(16_000);
    const second = await read();
    expect(second.verdict).toBe('intact');
    expect(Date.parse(second.verifiedUpTo)).toBeGreaterThan(Date.parse(first.verifiedUpTo));
    later(3_600_001);
    const third = await read();
    expect(third).toMatchObject({ verdict: 'broken', broken: { reason: 'altered', id: expect.any(String) } });
    const bindings = { [acme.workspaces['bank'] ?? '']: 'maintainer' };
    const may = askAs(port, await addPerson(api.database, 'may', { organizationId: acme.id, bindings }));
    // The row is of the organization: who reads the audit of a workspace learns nothing of it.
    expect((await may('GET', '/audit/chain?workspace=acme/bank')).body).toEqual({ ...third, broken: null });
    const { body } = await use().ann('GET', `/audit?organization=acme&id=${third.broken.id}`);
    expect(body.items).toMatchObject([{ object: { name: 'one' } }]);

    await api.database.begin(async (sql) => {
      await sql`SET LOCAL session_replication_role = replica`;
      await sql`UPDATE audit_events SET actor = 'user:ann' WHERE object_name = 'one'`;
    });
    later(16_000);
    expect(await read()).toMatchObject({ verdict: 'intact', broken: null });
  });

  test('a chain that lost its end stays broken, also when its head was set back and it grows again', async () => {
    const { acme, api } = use();
    await make('four');
    // Behind the times of the test before.
    later(2 * 3_600_000);
    expect(await read()).toMatchObject({ verdict: 'intact' });
    const [end] = await api.database<{ seq: number }[]>`
      SELECT seq FROM audit_heads WHERE organization_id = ${acme.id}`;
    const seq = end?.seq ?? 0;
    await api.database.begin(async (sql) => {
      await sql`SET LOCAL session_replication_role = replica`;
      await sql`DELETE FROM audit_events WHERE organization_id = ${acme.id} AND seq = ${seq}`;
      await sql`
        UPDATE audit_heads SET seq = events.seq, hash = events.hash FROM audit_events AS events
        WHERE audit_heads.organization_id = ${acme.id} AND events.organization_id = ${acme.id}
          AND events.seq = ${seq - 1}`;
    });
    for (let times = 0; times < 3; times += 1) {
      later(16_000);
      expect(await read()).toMatchObject({ verdict: 'broken', broken: { id: null } });
    }
    for (const name of ['five', 'six']) await make(name);
    later(16_000);
    expect(await read()).toMatchObject({ verdict: 'broken', broken: { seq, reason: 'unchained' } });
  });
});
