import type { GraphStage } from '../graph-stage.ts';

/** Stages that may be shown as one node. They have equal needs, so they stand in one rank and folding makes no circle. */
export interface Group {
  id: string;
  kind: 'matrix' | 'siblings';
  label: string;
  /** Names, in the order of the file. */
  members: string[];
}

/** Siblings fold from this many on. */
const MANY = 8;

/** The groups of a graph, by structure alone: legs of a matrix, and stages with equal needs and dependents. */
export function listGroups(stages: readonly GraphStage[]): Group[] {
  const dependents = new Map<string, string[]>(stages.map(({ name }) => [name, []]));
  for (const { name, needs } of stages) for (const { to, on } of needs) dependents.get(to)?.push(`${name} ${on}`);
  const needsOf = ({ needs }: GraphStage) => needs.map(({ to, on }) => `${to} ${on}`).toSorted();
  const legs = Map.groupBy(
    stages.filter(({ leg }) => leg !== null),
    (stage) => JSON.stringify([stage.stage, ...needsOf(stage)]),
  );
  const alike = Map.groupBy(
    stages.filter(({ kind, leg }) => kind === 'stage' && leg === null),
    (stage) => JSON.stringify([needsOf(stage), (dependents.get(stage.name) ?? []).toSorted()]),
  );
  const matrices = [...legs.values()]
    .filter(({ length }) => length > 1)
    .map((members): Group => create('matrix', members, members[0]?.stage ?? ''));
  const siblings = [...alike.values()]
    .filter(({ length }) => length >= MANY)
    .map((members): Group => create('siblings', members, describeNames(members.map(({ name }) => name))));
  return [...matrices, ...siblings];
}

function create(kind: Group['kind'], stages: readonly GraphStage[], label: string): Group {
  const members = stages.map(({ name }) => name);
  return { id: `${kind}:${members[0]}`, kind, label, members };
}

/** What the names have in common, else the first and how many more. */
function describeNames(names: readonly string[]): string {
  const [first = ''] = names;
  let length = first.length;
  for (const name of names) while (!name.startsWith(first.slice(0, length))) length -= 1;
  return length >= 3 ? `${first.slice(0, length)}…` : `${first} and ${names.length - 1} more`;
}
