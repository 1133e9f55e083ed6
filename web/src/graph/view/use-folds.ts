import { useMemo, useState } from 'react';
import { findCriticalPath } from '../critical-path.ts';
import { chooseKept } from '../fold/choose-kept.ts';
import { type FoldedGraph, foldGraph } from '../fold/fold-graph.ts';
import { listGroups } from '../fold/list-groups.ts';
import type { GraphStage } from '../graph-stage.ts';

export interface Folds {
  graph: FoldedGraph;
  /** Stages that no node of their own shows. */
  folded: number;
  isOpen: boolean;
  /** Unfolds a fold, or folds the group of a stage; other names change nothing. */
  toggle(name: string): void;
  /** Shows every stage, or goes back to what was shown at first. */
  toggleAll(): void;
}

interface Choice {
  open: ReadonlySet<string>;
  kept: ReadonlySet<string> | null;
  isAll: boolean;
}

/** What of a graph is folded. Chosen when the graph is first seen; afterwards only a person, or a new stage, changes it. */
export function useFolds(stages: readonly GraphStage[], now: number): Folds {
  const structure = useMemo(() => JSON.stringify(stages.map(({ name, needs }) => [name, needs])), [stages]);
  const groups = useMemo(() => listGroups(stages), [structure]);
  const first = useMemo((): Choice => {
    const critical = new Set(findCriticalPath(stages, now).stages.map(({ name }) => name));
    return { open: new Set(), kept: chooseKept(stages, groups, critical), isAll: false };
  }, [groups]);
  const [made, setMade] = useState<{ groups: unknown; choice: Choice } | null>(null);
  const choice = made?.groups === groups ? made.choice : first;
  const graph = useMemo(() => foldGraph(stages, groups, choice), [groups, choice]);
  const folded = useMemo(
    () => graph.items.reduce((sum, { kind, members }) => sum + (kind === 'stage' ? 0 : members.length), 0),
    [graph],
  );

  const set = (next: Partial<Choice>) => setMade({ groups, choice: { ...choice, ...next } });
  return {
    graph,
    folded,
    isOpen: choice.isAll,
    toggle(name) {
      const item = graph.items.find((one) => one.name === name);
      if (!item) return;
      if (item.kind === 'rest') {
        const hidden = groups.filter(({ members }) => item.members.includes(members[0] ?? '')).map(({ id }) => id);
        set({ kept: new Set([...(choice.kept ?? []), ...item.members, ...hidden]) });
      } else if (item.kind !== 'stage') set({ open: new Set([...choice.open, item.name]) });
      else if (item.group) set({ open: new Set([...choice.open].filter((id) => id !== item.group)) });
    },
    toggleAll() {
      if (choice.isAll) setMade(null);
      else set({ isAll: true, kept: null, open: new Set(groups.map(({ id }) => id)) });
    },
  };
}
