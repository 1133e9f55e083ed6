import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Plan, PlanNode, StagePlan } from '#core/plan.ts';
import { get } from '../../data/http.ts';

/** The compiled plan of a run: read once, and anew when the run has grown ({@link useGrowth}). */
export function usePlan(runId: string) {
  return useQuery({
    queryKey: ['run-plan', runId],
    queryFn: ({ signal }) => get<Plan>(`runs/${runId}/plan`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Generators and late matrices add nodes to an open run, and so to its plan. */
export function useGrowth(runId: string, nodes: number): void {
  const queries = useQueryClient();
  const known = useRef(nodes);
  useEffect(() => {
    if (known.current === nodes) return;
    known.current = nodes;
    void queries.invalidateQueries({ queryKey: ['run-plan', runId] });
  }, [queries, runId, nodes]);
}

export function findNode(plan: Plan | undefined, name: string): PlanNode | null {
  return plan?.nodes.find((node) => node.name === name) ?? null;
}

export function findStagePlan(plan: Plan | undefined, name: string): StagePlan | null {
  const node = findNode(plan, name);
  return node?.kind === 'stage' ? node : null;
}
