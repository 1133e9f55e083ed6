import { ChevronDown, ChevronRight, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Switch } from '../ui/choice.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { stateOf } from '../ui/state.ts';
import { StatusIcon } from '../ui/status-icon.tsx';
import { describeRow } from './describe-row.ts';
import { createTimeScale, findIdle, type Stretch } from './time-scale.ts';
import { TimelineAxis } from './timeline-axis.tsx';
import { TimelineParts } from './timeline-parts.tsx';
import { listRows, type TimelineInput, type TimelineRow } from './timeline-rows.ts';
import './timeline.css';

interface TimelineViewProps extends TimelineInput {
  selected: string | null;
  onOpen(stage: string, attempt: number | null): void;
}

const ROW = 28;
const NAMES = 200;
/** Rows beyond those in view that are in the document. */
const SPARE = 12;
const BAD: ReadonlySet<string> = new Set(['failed', 'errored', 'timed-out', 'rejected', 'silent']);

/** When the stages of a run waited, were queued, prepared, ran and were kept (UI §6). */
export function TimelineView({ selected, onOpen, ...input }: TimelineViewProps) {
  const { run, now } = input;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [isClock, setClock] = useState(false);
  const [hasQueue, setQueue] = useState(true);
  const [isErrors, setErrors] = useState(false);
  const [zoom, setZoom] = useState<Stretch | null>(null);
  const [opened, setOpened] = useState<readonly number[]>([]);
  const frame = useRef<HTMLDivElement>(null);
  const view = useFrame(frame);

  const all = listRows(input, open);
  const rows = isErrors ? all.filter(({ object }) => BAD.has(stateOf(object.status, object.kind, now))) : all;
  const origin = Date.parse(run.createdAt);
  const domain = zoom ?? {
    from: origin,
    to: run.endedAt === null ? now : Math.max(origin + 1, Date.parse(run.endedAt)),
  };
  const width = Math.max(120, view.width - NAMES - 16);
  const busy = useMemo(() => listBusy(all, hasQueue), [all, hasQueue]);
  const idle = findIdle(domain, busy).filter(({ from }) => !opened.includes(from));
  const scale = createTimeScale(domain, width, idle);
  const first = Math.max(0, Math.floor(view.top / ROW) - SPARE / 2);
  const shown = rows.slice(first, first + Math.ceil(view.height / ROW) + SPARE);

  const toggle = (row: TimelineRow, isOpen: boolean) => {
    const next = new Set(open);
    if (isOpen) next.add(row.stage);
    else next.delete(row.stage);
    setOpen(next);
  };
  const keys = useRowKeys(rows, frame, { toggle, onOpen });
  const entry = shown.some(({ id }) => id === keys.entry) ? keys.entry : shown[0]?.id;
  return (
    <section aria-label="Timeline" className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-4 border-b border-subtle bg-raised px-3 py-1.5">
        <Switch label="Clock" isChecked={isClock} onChange={setClock} />
        <Switch label="Queue time" isChecked={hasQueue} onChange={setQueue} />
        <Switch label="Errors only" isChecked={isErrors} onChange={setErrors} />
        {zoom ? (
          <Button size="dense" variant="ghost" icon={ZoomOut} onClick={() => setZoom(null)}>
            Whole run
          </Button>
        ) : null}
        <Legend />
      </div>
      <div ref={frame} className="relative min-h-0 flex-1 overflow-y-auto" onScroll={view.onScroll}>
        <div className="sticky top-0 z-10 flex border-b border-subtle bg-base" style={{ paddingLeft: NAMES }}>
          <TimelineAxis
            {...{ scale, width, origin, isClock }}
            onZoom={setZoom}
            onOpenBreak={(stretch) => setOpened([...opened, stretch.from])}
          />
        </div>
        {rows.length === 0 ? <EmptyState title={isErrors ? 'Nothing failed' : 'Nothing has begun'} /> : null}
        <div
          role="tree"
          aria-label="Stages by time"
          className="relative"
          style={{ height: rows.length * ROW }}
          onKeyDown={keys.onKeyDown}
        >
          {shown.map((row, index) => (
            <div
              key={row.id}
              role="treeitem"
              data-timeline-row={row.id}
              aria-level={row.attempt === null ? 1 : 2}
              aria-expanded={row.attempts > 0 ? open.has(row.stage) : undefined}
              aria-selected={row.stage === selected}
              aria-setsize={rows.length}
              aria-posinset={first + index + 1}
              aria-label={describeRow(row, now)}
              title={describeRow(row, now)}
              tabIndex={row.id === entry ? 0 : -1}
              onClick={() => onOpen(row.stage, row.attempt)}
              onFocus={() => keys.setEntry(row.id)}
              className="timeline-row cursor-pointer -outline-offset-2 hover:bg-hover aria-selected:bg-active"
              style={{ transform: `translateY(${(first + index) * ROW}px)` }}
            >
              <RowName row={row} now={now} isOpen={open.has(row.stage)} onToggle={(isOpen) => toggle(row, isOpen)} />
              <span className="relative h-full" style={{ width }}>
                {scale.breaks.map(({ from, x, width: wide }) => (
                  <span key={from} className="timeline-break" style={{ left: x, width: wide }} />
                ))}
                <TimelineParts {...{ row, scale, now, hasQueue }} />
              </span>
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}

function RowName(props: { row: TimelineRow; now: number; isOpen: boolean; onToggle(isOpen: boolean): void }) {
  const { row, now, isOpen, onToggle } = props;
  const { object, attempt, attempts } = row;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const status = object.attempts.find((one) => one.attempt === attempt)?.status ?? object.status;
  return (
    <span
      aria-hidden
      className={`flex shrink-0 items-center gap-1.5 text-13 ${attempt === null ? 'pl-3' : 'pl-8'}`}
      style={{ width: NAMES }}
    >
      <StatusIcon state={stateOf(status, object.kind, now)} size={14} />
      <span className="truncate">{attempt === null ? object.name : `attempt ${attempt}`}</span>
      {attempts > 0 ? (
        <span
          className="ml-auto inline-flex size-6 shrink-0 items-center justify-center text-3"
          onClick={(event) => {
            event.stopPropagation();
            onToggle(!isOpen);
          }}
        >
          <Chevron size={14} />
        </span>
      ) : null}
    </span>
  );
}

/** What counts as not idle: work, its queue where that is shown, and decisions that are asked for. */
function listBusy(rows: readonly TimelineRow[], hasQueue: boolean): Stretch[] {
  return rows.flatMap(({ parts }) =>
    parts.filter(({ kind }) => kind !== 'waiting' && kind !== 'asking' && (hasQueue || kind !== 'queued')),
  );
}

const KINDS = [
  ['waiting', 'waiting'],
  ['queued', 'queued'],
  ['preparing', 'preparing'],
  ['running', 'run'],
  ['uploading', 'upload'],
] as const;

function Legend() {
  return (
    <span aria-hidden className="ml-auto flex flex-wrap items-center gap-3 text-12 text-2 max-lg:hidden">
      {KINDS.map(([kind, word]) => (
        <span key={kind} className="flex items-center gap-1.5">
          <span className="relative inline-block h-4 w-6">
            <span className="timeline-part" data-kind={kind} data-hue="running" style={{ left: 0, width: 24 }} />
          </span>
          {word}
        </span>
      ))}
    </span>
  );
}

/** Size and scroll of the frame. */
function useFrame(frame: React.RefObject<HTMLDivElement | null>) {
  const [size, setSize] = useState({ width: 800, height: 600 });
  const [top, setTop] = useState(0);
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return { ...size, top, onScroll: (event: React.UIEvent) => setTop(event.currentTarget.scrollTop) };
}

/** Arrows, Home, End and Enter as in a tree. */
function useRowKeys(
  rows: readonly TimelineRow[],
  frame: React.RefObject<HTMLDivElement | null>,
  acts: { toggle(row: TimelineRow, isOpen: boolean): void; onOpen(stage: string, attempt: number | null): void },
) {
  const [entry, setEntry] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const row = frame.current?.querySelector<HTMLElement>(`[data-timeline-row="${CSS.escape(wanted.current)}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex(({ id }) => id === (event.target as HTMLElement).dataset['timelineRow']);
    const row = rows[at];
    if (!row) return;
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    const next = step === undefined ? undefined : rows[step];
    if (next && step !== undefined) {
      wanted.current = next.id;
      setEntry(next.id);
      const element = frame.current;
      // It may not be in the document before the frame has come to it.
      if (element) scrollTo(element, step * ROW);
    } else if (event.key === 'ArrowRight' && row.attempts > 0) acts.toggle(row, true);
    else if (event.key === 'ArrowLeft' && row.attempts > 0) acts.toggle(row, false);
    else if (event.key === 'Enter') acts.onOpen(row.stage, row.attempt);
    else return;
    event.preventDefault();
  };
  return { entry, setEntry, onKeyDown };
}

const AXIS = 45;

function scrollTo(frame: HTMLElement, top: number): void {
  if (top < frame.scrollTop) frame.scrollTop = top;
  else if (top + ROW + AXIS > frame.scrollTop + frame.clientHeight)
    frame.scrollTop = top + ROW + AXIS - frame.clientHeight;
}
