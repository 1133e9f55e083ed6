import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react';
import type { StageObject } from '#core/rest.ts';
import { useKey } from '../../../app/keys.ts';
import { summarizeStates } from '../../../ui/state.ts';
import { StatusIcon } from '../../../ui/status-icon.tsx';
import { STATUS_LOOKS } from '../../../ui/status-look.ts';
import { stateOfStage } from '../stage/stage-words.ts';
import { StageRow } from './stage-row.tsx';
import { listBlocks, listMatrices, listTreeRows, type TreeRow } from './tree-rows.ts';

interface StageTreeProps {
  stages: readonly StageObject[];
  /** By name of a stage who added it to the open run. */
  generators: ReadonlyMap<string, string>;
  /** The server's time, ms. */
  now: number;
  selected: string | null;
  onOpen(name: string): void;
}

/** Height of a row, px. */
const ROW = 44;

/** All stages and gates of a run, legs below their matrix: a grid whose rows have one height, so that nothing moves. */
export function StageTree({ stages, generators, now, selected, onOpen }: StageTreeProps) {
  const grid = useRef<HTMLDivElement>(null);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);
  const rows = useMemo(() => listTreeRows(stages, folded, generators), [stages, folded, generators]);
  const blocks = useMemo(() => listBlocks(rows), [rows]);
  const matrices = useMemo(() => listMatrices(stages), [stages]);
  useFoldKeys((depth) => {
    // A leg that is folded away hands the focus to its matrix.
    const id = (document.activeElement as HTMLElement | null)?.dataset['treeRow'];
    const leg = depth === 1 && id !== undefined ? rows.find((row) => row.id === id && row.level === 2) : undefined;
    if (leg?.kind === 'stage') moveTo(`${leg.stage.stage}[]`);
    setFolded(new Set(depth === 1 ? matrices : []));
  });

  const fold = (name: string, isFolded: boolean) => {
    const next = new Set(folded);
    if (isFolded) next.add(name);
    else next.delete(name);
    setFolded(next);
  };
  const open = (row: TreeRow) => (row.kind === 'stage' ? onOpen(row.id) : fold(row.label, row.isOpen));
  const moveTo = (id: string | undefined) => {
    if (id === undefined) return;
    setFocused(id);
    grid.current?.querySelector<HTMLElement>(`[data-tree-row="${CSS.escape(id)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = (event.target as HTMLElement).dataset['treeRow'];
    const at = rows.findIndex((row) => row.id === id);
    const row = rows[at];
    if (!row) return;
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (step !== undefined) moveTo(rows[step]?.id);
    else if (event.key === 'ArrowRight' && row.kind === 'matrix') fold(row.label, false);
    else if (event.key === 'ArrowLeft' && row.kind === 'matrix') fold(row.label, true);
    else if (event.key === 'ArrowLeft' && row.level === 2) moveTo(`${row.stage.stage}[]`);
    else if (event.key === 'Enter' || event.key === ' ') open(row);
    else return;
    event.preventDefault();
  };
  const acts = useRef<RowActs>({ open, focus: setFocused });
  acts.current = { open, focus: setFocused };
  const entry = findEntry(rows, stages, [focused, selected]);
  return (
    <div
      ref={grid}
      role="treegrid"
      aria-label="Stages"
      aria-rowcount={rows.length}
      onKeyDown={onKeyDown}
      className="py-1"
    >
      {blocks.map((block) => (
        // Not each row by itself: whether one is in view is asked in every frame.
        <div
          key={block.key}
          role="rowgroup"
          className="[content-visibility:auto]"
          style={{ containIntrinsicHeight: block.rows.length * ROW }}
        >
          {block.rows.map((row) => (
            <TreeRowView
              key={row.id}
              row={row}
              // A row that no clock runs in is not drawn again by every tick.
              now={hasClock(row) ? now : 0}
              isSelected={row.kind === 'stage' && row.id === selected}
              isEntry={row.id === entry}
              acts={acts}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

/** The row that Tab comes to: the first of the wanted ones that is there, or whose matrix is. */
function findEntry(
  rows: readonly TreeRow[],
  stages: readonly StageObject[],
  wanted: readonly (string | null)[],
): string | undefined {
  const ids = new Set(rows.map(({ id }) => id));
  for (const name of wanted) {
    const leg = stages.find((stage) => stage.name === name);
    const found = [name, leg && `${leg.stage}[]`].find((id) => id && ids.has(id));
    if (found) return found;
  }
  return rows[0]?.id;
}

/** What rows do; one object for all of them and for ever. */
interface RowActs {
  open(row: TreeRow): void;
  focus(id: string): void;
}

interface TreeRowProps {
  row: TreeRow;
  now: number;
  isSelected: boolean;
  isEntry: boolean;
  acts: React.RefObject<RowActs>;
}

const TreeRowView = memo(
  function TreeRowView({ row, now, isSelected, isEntry, acts }: TreeRowProps) {
    return (
      <div
        role="row"
        data-tree-row={row.id}
        aria-level={row.level}
        aria-selected={isSelected}
        aria-expanded={row.kind === 'matrix' ? row.isOpen : undefined}
        tabIndex={isEntry ? 0 : -1}
        onFocus={() => acts.current.focus(row.id)}
        onClick={() => acts.current.open(row)}
        className={`flex h-11 cursor-pointer items-center gap-2 border-l-2 border-transparent pr-3 -outline-offset-2 hover:bg-hover aria-selected:border-accent aria-selected:bg-active ${
          row.level === 2 ? 'pl-8' : 'pl-3'
        }`}
      >
        {row.kind === 'matrix' ? <MatrixCells row={row} now={now} /> : <StageRow {...row} now={now} />}
      </div>
    );
  },
  (before, after) =>
    before.now === after.now &&
    before.isSelected === after.isSelected &&
    before.isEntry === after.isEntry &&
    isSameRow(before.row, after.row),
);

/** Rows are made anew with every change of the run; most of them say what they said before. */
function isSameRow(before: TreeRow, after: TreeRow): boolean {
  if (before.kind === 'stage' && after.kind === 'stage')
    return before.stage === after.stage && before.label === after.label && before.generatedBy === after.generatedBy;
  if (before.kind !== 'matrix' || after.kind !== 'matrix') return false;
  return before.isOpen === after.isOpen && before.legs.every((leg, index) => leg === after.legs[index]);
}

/** Whether the row shows a time that goes on. */
function hasClock(row: TreeRow): boolean {
  const stages = row.kind === 'matrix' ? row.legs : [row.stage];
  return stages.some(({ status }) => status.kind === 'running' || status.kind === 'cancelling');
}

function MatrixCells({ row, now }: { row: Extract<TreeRow, { kind: 'matrix' }>; now: number }) {
  const summary = summarizeStates(row.legs.map((leg) => stateOfStage(leg, now)));
  const Chevron = row.isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <div role="gridcell" className="flex items-center">
        <StatusIcon state={summary?.worst ?? 'waiting-needs'} />
      </div>
      <div role="gridcell" className="min-w-0 flex-1">
        <div className="flex items-center gap-1 truncate text-13 font-medium">
          {row.label}
          <Chevron size={14} aria-hidden className="text-3" />
        </div>
        <div className="truncate text-12 text-2">
          {summary?.counts.map(([state, count]) => `${count} ${STATUS_LOOKS[state].word.toLowerCase()}`).join(', ')}
        </div>
      </div>
    </>
  );
}

const DEPTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** `1` folds all, a higher digit opens as deep as it goes. */
function useFoldKeys(onDepth: (depth: number) => void): void {
  for (const depth of DEPTHS) {
    const label = depth === 1 ? 'Fold matrices' : `Unfold to depth ${depth}`;
    useKey({ keys: String(depth), label, group: 'This page', run: () => onDepth(depth) });
  }
}
