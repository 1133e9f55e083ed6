import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
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

const NONE: ReadonlyMap<string, string> = new Map();

/** By name of a stage the generator it comes from; legs of a late matrix have none, they bear its name. */
export function useGenerators(runId: string): ReadonlyMap<string, string> {
  const { data: plan } = usePlan(runId);
  return useMemo(() => (plan ? listGenerators(plan) : NONE), [plan]);
}

export function listGenerators({ nodes }: Pick<Plan, 'nodes'>): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap((node) => {
      const isLeg = node.kind === 'stage' && node.generatedBy === node.stage;
      return node.generatedBy === undefined || isLeg ? [] : [[node.name, node.generatedBy]];
    }),
  );
}

export function findNode(plan: Plan | undefined, name: string): PlanNode | null {
  return plan?.nodes.find((node) => node.name === name) ?? null;
}

export function findStagePlan(plan: Plan | undefined, name: string): StagePlan | null {
  const node = findNode(plan, name);
  return node?.kind === 'stage' ? node : null;
}
