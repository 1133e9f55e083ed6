import { describe, expect, test } from 'vitest';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { AT, ended, node, playBatch, useApi } from '#test/env/use-api.ts';
import { growRun } from './grow-run.ts';

describe('the growth of a run', () => {
  const use = useApi();
  const reference = (digest: string) => ({ key: `plans/${digest}.json`, digest, bytes: 1 });

  const start = async () => {
    const api = use();
    const nodes = [createStagePlan('plan'), createStagePlan('report', { needs: needs('plan') })];
    api.usePlan(createPlan(nodes));
    const run = await api.client.startRun(api.request());
    const [row] = await api.database<{ plan: { digest: string } }[]>`SELECT plan FROM runs WHERE id = ${run.id}`;
    const from = reference(row?.plan.digest ?? '');
    const grown = [
      createStagePlan('plan'),
      createStagePlan('unit', { needs: needs('plan') }),
      createGatePlan('ship', { needs: needs('unit') }),
      createStagePlan('report', { needs: needs('plan', 'unit', 'ship') }),
    ];
    return { api, run, growth: { from, plan: reference('grown'), nodes: grown, added: ['unit', 'ship'] } };
  };

  test('puts the new stages and gates into the plan of the run, at their place', async () => {
    const { api, run, growth } = await start();
    expect(await growRun(api.database, run.id, growth)).toBe(true);
    const stages = await api.client.listStages(run.id);
    expect(stages.map((stage) => stage.name)).toEqual(['plan', 'unit', 'ship', 'report']);
    expect(stages.at(-1)?.needs.map((edge) => edge.to)).toEqual(['plan', 'unit', 'ship']);
    expect(await api.client.listGates(run.id)).toMatchObject([{ name: 'ship' }]);
  });

  test('does nothing to a run that has another plan by now', async () => {
    const { api, run, growth } = await start();
    await growRun(api.database, run.id, growth);
    const second = { ...growth, plan: reference('other'), added: ['late'] };
    expect(await growRun(api.database, run.id, second)).toBe(false);
    expect(await api.client.listStages(run.id)).toHaveLength(4);
  });

  test('that the run never came to know of ends with it', async () => {
    const { api, run, growth } = await start();
    await growRun(api.database, run.id, growth);
    const passed = { kind: 'ended', ending: 'passed', reason: null, at: AT } as const;
    await playBatch(api, run, 1, { nodes: [node('plan', passed), node('report', passed)], run: ended('passed') });
    expect(await api.client.listStages(run.id)).toMatchObject([
      { status: { ending: 'passed' } },
      { status: { ending: 'not-run', reason: { code: 'never-known' } } },
      { status: { ending: 'not-run' } },
      { status: { ending: 'passed' } },
    ]);
  });
});
