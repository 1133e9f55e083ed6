import type { PlanNode } from '#core/plan.ts';
import type { ArtifactObject } from '#core/rest.ts';

/** What a re-run does beyond its own results. */
export interface RerunEffects {
  /** What stages that run again did outside and do once more: `deploy to production`, `starts shop-api`. */
  outside: string[];
  /** Gates whose approvals count no more, and those whose approvals stay. */
  asked: string[];
  stay: string[];
  /** What is needed, and has expired: `rebuiltBy` is the stage that makes it anew. */
  expired: { artifact: string; rebuiltBy: string; neededBy: string; at: string }[];
}

/**
 * As the plan tells it: a stage with an environment delivers to it, one with a pipeline starts a run.
 * @param again names of all nodes that run again
 * @param now the server's time, ms
 */
export function listEffects(
  nodes: readonly PlanNode[],
  again: ReadonlySet<string>,
  artifacts: readonly ArtifactObject[],
  now: number,
): RerunEffects {
  const gates = nodes.filter((node) => node.kind === 'gate' || node.gate !== null);
  const over = artifacts.filter(({ stage, expiresAt }) => {
    return !again.has(stage) && expiresAt !== null && Date.parse(expiresAt) <= now;
  });
  return {
    outside: nodes.flatMap((node) => (again.has(node.name) ? describeOutside(node) : [])),
    asked: gates.flatMap(({ name }) => (again.has(name) ? [name] : [])),
    stay: gates.flatMap(({ name }) => (again.has(name) ? [] : [name])),
    expired: over.flatMap(({ name: artifact, stage: rebuiltBy, expiresAt: at }) => {
      const user = nodes.find((node) => {
        return again.has(node.name) && node.kind === 'stage' && node.artifactsFrom.includes(rebuiltBy);
      });
      return user && at !== null ? [{ artifact, rebuiltBy, neededBy: user.name, at }] : [];
    }),
  };
}

function describeOutside(node: PlanNode): string[] {
  if (node.kind === 'gate') return [];
  return [
    ...(node.environment === undefined ? [] : [`${node.name} to ${node.environment}`]),
    ...(node.child === undefined ? [] : [`${node.name} starts ${node.child.name}`]),
  ];
}
