import { describe, expect, test } from 'vitest';
import { useApi } from '#test/env/use-api.ts';
import { inScope, inScopeBriefly, type Scoped } from './scope.ts';

const SCOPE = { callerId: '', organizationIds: [], workspaceIds: [] };

describe('a brief transaction', () => {
  const use = useApi();
  const write = async (scoped: Scoped) => {
    await scoped`INSERT INTO run_counters (scope) VALUES (gen_random_uuid()::text)`;
    const [row] = await scoped<{ place: string; commit: string }[]>`
      SELECT pg_current_wal_insert_lsn()::text AS place, current_setting('synchronous_commit') AS commit`;
    return row;
  };

  test('gives its locks back before the disk has it, and is answered when the disk has it', async () => {
    const { database } = use();
    const written = await inScopeBriefly(database, SCOPE, write);
    const [row] = await database<{ isThere: boolean }[]>`
      SELECT pg_current_wal_flush_lsn() > ${written?.place ?? ''}::pg_lsn AS is_there`;
    expect([written?.commit, row?.isThere]).toEqual(['off', true]);
    expect((await inScope(database, SCOPE, write))?.commit).toBe('on');
  });

  test('that fails leaves nothing', async () => {
    const { database } = use();
    const failing = inScopeBriefly(database, SCOPE, async (scoped) => {
      await scoped`INSERT INTO run_counters (scope) VALUES ('of a failure')`;
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await database`SELECT FROM run_counters WHERE scope = 'of a failure'`).toHaveLength(0);
  });
});
