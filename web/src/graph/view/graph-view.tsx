import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { findCriticalPath } from '../critical-path.ts';
import { type GraphStage, isExecuting } from '../graph-stage.ts';
import type { PlacedNode } from '../layout/lay-out.ts';
import { NODE_HEIGHT, NODE_WIDTH } from '../layout/measure.ts';
import { findEntry, findNext } from './find-next.ts';
import { GraphCorner } from './graph-corner.tsx';
import { GraphEdges } from './graph-edges.tsx';
import { GraphNodes } from './graph-nodes.tsx';
import { GraphToolbar } from './graph-toolbar.tsx';
import type { GraphFilter } from './match-node.ts';
import { useFolds } from './use-folds.ts';
import { useLayout } from './use-layout.ts';
import { useViewport } from './use-viewport.ts';
import './graph.css';

interface GraphViewProps {
  stages: readonly GraphStage[];
  /** The server's time, ms. */
  now: number;
  /** The stage that is open beside it. */
  selected: string | null;
  onOpen(name: string): void;
}

/** The stages of a run or plan and what needs what (UI §6). */
export function GraphView({ stages, now, selected, onOpen }: GraphViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<GraphFilter | null>(null);
  const [isCritical, setCritical] = useState(false);
  const [isFollowing, setFollowing] = useState(false);
  const [focused, setFocused] = useState<string | null>(null);

  const folds = useFolds(stages, now);
  const byName = useMemo(() => new Map(stages.map((stage) => [stage.name, stage])), [stages]);
  const laid = useLayout(folds.graph);
  const { layout, graph } = laid ?? { layout: null, graph: folds.graph };
  const places = useMemo(() => new Map(layout?.nodes.map((node) => [node.name, node])), [layout]);
  const entry = focused !== null && places.has(focused) ? focused : findEntry(graph, byName);
  const view = useViewport(frame, layer, layout, places.get(entry ?? '') ?? null);
  const critical = useMemo(() => {
    if (!isCritical) return EMPTY;
    return new Set(findCriticalPath(stages, now).stages.flatMap(({ name }) => graph.itemOf.get(name) ?? []));
  }, [isCritical, stages, now, graph]);

  const runningAt = isFollowing ? findRunning(stages, graph.itemOf, places) : null;
  const runningName = runningAt?.name;
  useEffect(() => {
    if (runningAt) view.reveal(boxOf(runningAt));
    // When another one begins, not at every second of one.
  }, [runningName]);

  const moveTo = (name: string) => {
    const place = places.get(name);
    if (!place) return;
    setFocused(name);
    view.reveal(boxOf(place));
  };
  useEffect(() => {
    // The node may have come into the document only now.
    if (focused !== null && frame.current?.contains(document.activeElement))
      findButton(layer.current, focused)?.focus();
  }, [focused]);

  const act = (name: string, isFolding: boolean) => {
    const item = graph.items.find((one) => one.name === name);
    if (!item) return;
    if (item.kind === 'stage' && !isFolding) onOpen(name);
    else folds.toggle(name);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = nodeOf(event.target);
    const next = node && layout ? findNext(layout, node, event.key) : null;
    if (next !== null) moveTo(next);
    else if (event.key === 'Enter' && event.shiftKey && node) act(node, true);
    else if (!actOnView(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const actOnView = (key: string): boolean => {
    switch (key) {
      case '0':
        view.fit();
        return true;
      case '+':
      case '=':
        view.zoomBy(1.25);
        return true;
      case '-':
        view.zoomBy(1 / 1.25);
        return true;
      case 'c':
        setCritical(!isCritical);
        return true;
      case '/':
        searchField.current?.focus();
        return true;
      default:
        return key.startsWith('Arrow');
    }
  };

  return (
    <section aria-label="Graph" className="flex h-full min-h-0 flex-col">
      <GraphToolbar
        {...{ search, searchField, filter, isCritical, isFollowing }}
        onSearch={setSearch}
        onFilter={setFilter}
        onCritical={() => setCritical(!isCritical)}
        onFollow={setFollowing}
      />
      <div className="relative min-h-0 flex-1">
        <div ref={frame} className="graph-frame h-full" onKeyDown={onKeyDown}>
          <div
            ref={layer}
            role="group"
            aria-label={`${stages.length} stages, arrows follow the edges`}
            className="graph-layer"
            onClick={(event) => {
              const name = nodeOf(event.target);
              if (name === null) return;
              setFocused(name);
              act(name, event.shiftKey);
            }}
            onFocus={(event) => setFocused(nodeOf(event.target))}
          >
            {layout && view.area ? (
              <>
                <GraphEdges layout={layout} places={places} edges={graph.edges} area={view.area} critical={critical} />
                <GraphNodes
                  {...{ layout, now, critical, search, filter, selected, entry }}
                  items={graph.items}
                  stages={byName}
                  area={view.area}
                />
              </>
            ) : null}
          </div>
        </div>
        <GraphCorner
          folded={folds.folded}
          isAllShown={folds.isOpen}
          onToggleAll={folds.toggleAll}
          onZoom={view.zoomBy}
          onFit={view.fit}
        />
      </div>
    </section>
  );
}

const EMPTY: ReadonlySet<string> = new Set();

function findRunning(
  stages: readonly GraphStage[],
  itemOf: ReadonlyMap<string, string>,
  places: ReadonlyMap<string, PlacedNode>,
): PlacedNode | null {
  const running = stages.findLast(isExecuting);
  return places.get(itemOf.get(running?.name ?? '') ?? '') ?? null;
}

function boxOf({ x, y }: PlacedNode) {
  return { left: x, top: y, right: x + NODE_WIDTH, bottom: y + NODE_HEIGHT };
}

function nodeOf(target: EventTarget): string | null {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-node]') : null;
  return button?.dataset['node'] ?? null;
}

function findButton(layer: HTMLElement | null, name: string): HTMLElement | null {
  return layer?.querySelector<HTMLElement>(`[data-node="${CSS.escape(name)}"]`) ?? null;
}
