import type { StageObject } from '#core/rest.ts';

/** A row of the stage list: a stage or gate, a leg below its matrix, or the matrix itself. */
export type TreeRow =
  | { kind: 'stage'; id: string; level: 1 | 2; stage: StageObject; label: string; generatedBy: string | null }
  | { kind: 'matrix'; id: string; level: 1; label: string; legs: readonly StageObject[]; isOpen: boolean };

/**
 * Stages in the order of the file, legs of a matrix below one row that can be folded. `folded`: base names;
 * `generators`: by name of a stage who added it.
 */
export function listTreeRows(
  stages: readonly StageObject[],
  folded: ReadonlySet<string>,
  generators: ReadonlyMap<string, string> = new Map(),
): TreeRow[] {
  const toRow = (stage: StageObject, level: 1 | 2, label: string): TreeRow => ({
    ...{ kind: 'stage', id: stage.name, level, stage, label, generatedBy: generators.get(stage.name) ?? null },
  });
  const ordered = stages.toSorted((left, right) => left.position - right.position);
  const legs = Map.groupBy(
    ordered.filter(({ leg }) => leg !== null),
    ({ stage }) => stage,
  );
  const seen = new Set<string>();
  return ordered.flatMap((stage): TreeRow[] => {
    const group = stage.leg === null ? [] : (legs.get(stage.stage) ?? []);
    if (group.length < 2) return [toRow(stage, 1, stage.name)];
    if (seen.has(stage.stage)) return [];
    seen.add(stage.stage);
    const isOpen = !folded.has(stage.stage);
    const head: TreeRow = { kind: 'matrix', id: `${stage.stage}[]`, level: 1, label: stage.stage, legs: group, isOpen };
    return [head, ...(isOpen ? group.map((leg) => toRow(leg, 2, describeLeg(leg))) : [])];
  });
}

const BLOCK = 24;

/** Rows that come into the document's picture together. The file decides which: a fold moves no row to another block. */
export function listBlocks(rows: readonly TreeRow[]): { key: string; rows: TreeRow[] }[] {
  const blocks: { key: string; at: number; rows: TreeRow[] }[] = [];
  for (const row of rows) {
    const first = row.kind === 'stage' ? row.stage : row.legs[0];
    const at = Math.floor((first?.position ?? 0) / BLOCK);
    const last = blocks.at(-1);
    if (last?.at === at) last.rows.push(row);
    else blocks.push({ key: `${at} ${blocks.filter((block) => block.at === at).length}`, at, rows: [row] });
  }
  return blocks;
}

/** Base names of all matrices: what is folded when everything is. */
export function listMatrices(stages: readonly StageObject[]): string[] {
  return [...new Set(stages.filter(({ leg }) => leg !== null).map(({ stage }) => stage))];
}

/** `node=22, os=linux` */
export function describeLeg({ name, leg }: Pick<StageObject, 'name' | 'leg'>): string {
  const pairs = Object.entries(leg ?? {}).map(([axis, value]) => `${axis}=${value}`);
  return pairs.join(', ') || name;
}
