import { describe, expect, test } from 'vitest';
import type { GroupMember } from '#core/concurrency.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { useApi } from '#test/env/use-api.ts';

describe('concurrency groups', () => {
  const use = useApi();
  const member = (id: string, runId: string): GroupMember => ({
    ...{ id, runId, label: 'local/1', stage: 'deploy', since: '2026-01-01T00:00:00.000Z', commit: null },
  });
  const call = async (path: string, method = 'GET', body?: object) =>
    (await (await use().fetch(path, { method, ...(body ? { body } : {}) })).json()) as Record<string, unknown>;
  const start = async () => {
    const api = use();
    const rule = { group: 'live', limit: 1, whenBusy: 'queue' as const };
    api.usePlan(createPlan([createStagePlan('deploy', { concurrency: rule })]));
    const run = await api.client.startRun(api.request());
    api.workflows.groups.set('live', {
      ...{ group: 'live', limit: 1, newest: [] },
      ...{ holders: [member('one', run.id)], waiters: [member('two', run.id)] },
    });
    return { api, run };
  };

  test('of a pipeline are those its open runs name, with who has and who waits for their places', async () => {
    const { run } = await start();
    const { items } = await call(`/api/v1/pipelines/${run.pipeline.id}/groups`);
    expect(items).toMatchObject([
      { group: 'live', limit: 1, holders: [{ id: 'one', run: run.id, stage: 'deploy' }], waiters: [{ id: 'two' }] },
    ]);
    expect(items).toMatchObject([{ can: { release: true } }]);
  });

  test('a place is freed by whoever may change runs, once, and that is on record', async () => {
    const { api, run } = await start();
    const body = { group: 'live', place: 'one', reason: 'its machine is gone' };
    const path = `/api/v1/pipelines/${run.pipeline.id}/groups/release`;
    expect(await call(path, 'POST', body)).toMatchObject({ holders: [], waiters: [{ id: 'two' }] });
    expect(await call(path, 'POST', body)).toMatchObject({ code: 'place-unknown' });
    const [event] = await api.database<{ detail: unknown }[]>`
      SELECT detail FROM audit_events WHERE action = 'group.release' AND object_id = ${run.pipeline.id}`;
    expect(event?.detail).toEqual(body);
  });
});
