import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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
    const { api, vic, bo } = use();
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
    const { body } = await use().ann('GET', `/audit?organization=acme&id=${third.broken.id}`);
    expect(body.items).toMatchObject([{ object: { name: 'one' } }]);

    await api.database.begin(async (sql) => {
      await sql`SET LOCAL session_replication_role = replica`;
      await sql`UPDATE audit_events SET actor = 'user:ann' WHERE object_name = 'one'`;
    });
    later(16_000);
    expect(await read()).toMatchObject({ verdict: 'intact', broken: null });
  });
});
