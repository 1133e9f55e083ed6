import { useQuery } from '@tanstack/react-query';
import type { Plan, PlanNode, StagePlan } from '#core/plan.ts';
import { get } from '../../data/http.ts';

/** The compiled plan of a run. It never changes: read once. */
export function usePlan(runId: string) {
  return useQuery({
    queryKey: ['run-plan', runId],
    queryFn: ({ signal }) => get<Plan>(`runs/${runId}/plan`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function findNode(plan: Plan | undefined, name: string): PlanNode | null {
  return plan?.nodes.find((node) => node.name === name) ?? null;
}

export function findStagePlan(plan: Plan | undefined, name: string): StagePlan | null {
  const node = findNode(plan, name);
  return node?.kind === 'stage' ? node : null;
}
