import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useKey } from '../app/keys.ts';
import { Button } from '../ui/button.tsx';
import { describeFailure } from '../ui/describe-failure.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { formatCount } from '../ui/format-bytes.ts';
import { AfterAMoment, SkeletonRows } from '../ui/skeleton.tsx';
import { showToast } from '../ui/toast.tsx';
import { copyLines, textOfSelection } from './copy-lines.ts';
import { ErrorAnnouncer } from './error-announcer.tsx';
import { HitTicks } from './hit-ticks.tsx';
import './log.css';
import { LogSearch } from './log-search.tsx';
import { type LogKey, rawAddressOf } from './log-source.ts';
import { LogToolbar } from './log-toolbar.tsx';
import { formatLines, type LineRange, parseLines } from './model/address.ts';
import { RunHits } from './run-hits.tsx';
import { useLogOptions } from './use-log-options.ts';
import { useLogSearch } from './use-log-search.ts';
import { useLogView } from './use-log-view.ts';
import { readSelection } from './view/read-selection.ts';

export interface LogPaneProps extends LogKey {
  /** When the attempt began; null while it has not. */
  startedAt: string | null;
  /** It came to an end that is not good: then its log opens at the failure. */
  hasFailed: boolean;
  /** A hit in another stage was chosen. */
  onOpenHit(hit: { stage: string; attempt: number; n: number }): void;
}

/** The log of one attempt (UI §5). Give it a `key` of the attempt: another log is another pane. */
export function LogPane({ startedAt, hasFailed, onOpenHit, ...key }: LogPaneProps) {
  const pane = useRef<HTMLElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const [options, change] = useLogOptions();
  const [announces, setAnnounces] = useState(false);
  const [current, setCurrent] = useState<number | null>(null);
  const { view, state, opening, retry } = useLogView(host, key, { hasFailed, onSelect: writeAddress });
  const query = options.text === null ? null : { ...options, text: options.text };
  const found = useLogSearch(key, query);
  const hits = options.isInRun ? [] : (found?.hits ?? []);
  const { isWrapped, time, areHitsAlone } = options;
  const currentHit = current === null ? null : (hits[current]?.n ?? null);

  useEffect(() => view?.setViewing({ isWrapped, time, startedAt }), [view, isWrapped, time, startedAt]);
  useEffect(() => view?.setHits(hits, areHitsAlone && hits.length > 0), [view, found, options.isInRun, areHitsAlone]);
  useEffect(() => view?.setViewing({ currentHit }), [view, currentHit]);
  useEffect(() => setCurrent(null), [options.text, options.isPattern, options.isCaseSensitive, options.isInRun]);
  useEffect(() => {
    const onHash = () => {
      const lines = parseLines(location.hash);
      if (lines) view?.setViewing({ selection: lines });
      if (lines) view?.goTo(lines);
    };
    // Links of the page tell it by the router's own event. What the pane itself writes is a replaceState.
    const ways = ['hashchange', 'pushState'];
    for (const way of ways) window.addEventListener(way, onHash);
    return () => {
      for (const way of ways) window.removeEventListener(way, onHash);
    };
  }, [view]);

  const step = (direction: 1 | -1) => {
    if (hits.length === 0) return;
    const first = direction === 1 ? 0 : hits.length - 1;
    const next = current === null ? first : (current + direction + hits.length) % hits.length;
    const n = hits[next]?.n;
    setCurrent(next);
    if (n !== undefined) view?.goTo({ from: n, to: n });
  };
  const copy = (range = state?.selection) => {
    if (!range) return;
    copyLines(key, range).then(
      () => showToast({ kind: 'done', text: 'Copied' }),
      (problem: unknown) => {
        const { title, hint } = describeFailure(problem);
        showToast({ kind: 'error', text: `Not copied: ${title}`, hint });
      },
    );
  };
  const act = {
    search: () => change({ text: options.text ?? '' }),
    goToError: (direction: 1 | -1) => void view?.goToError(direction),
    foldAll: () => view?.toggleFolds('all'),
    follow: () => view?.toggleFollow(),
    copy: () => copy(),
    announce: () => setAnnounces(!announces),
    fillScreen: () => void (document.fullscreenElement ? document.exitFullscreen() : pane.current?.requestFullscreen()),
  };
  useKey({ keys: ']', label: 'Next error', group: 'This page', run: () => act.goToError(1) });
  useKey({ keys: '[', label: 'Previous error', group: 'This page', run: () => act.goToError(-1) });
  useKey({ keys: 'e', label: 'Fold or unfold the step', group: 'This page', run: () => view?.toggleFolds('here') });
  useKey({ keys: 'E', label: 'Fold or unfold all steps', group: 'This page', run: act.foldAll });
  useKey(
    state?.index.ended === false ? { keys: 'f', label: 'Follow the log', group: 'This page', run: act.follow } : null,
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f';
    // The second time it is the browser's own search.
    if (!isFind || options.text !== null) return;
    event.preventDefault();
    act.search();
  };

  return (
    <section
      ref={pane}
      aria-label={`Log of ${key.stage}`}
      className="flex h-full min-h-0 min-w-0 flex-col bg-base max-lg:min-h-120"
      onKeyDown={onKeyDown}
    >
      <LogToolbar
        {...{ state, options, announces, act }}
        onChange={change}
        raw={rawAddressOf(key, 'raw')}
        text={rawAddressOf(key, 'text')}
        fileName={`${key.stage}-${key.attempt}.log`}
      />
      {options.text === null ? null : (
        <LogSearch
          {...{ options, found, current }}
          onChange={change}
          onStep={step}
          onClose={() => close(change, host.current)}
        />
      )}
      {found && options.isInRun ? <RunHits found={found} onOpen={onOpenHit} /> : null}
      <div className="relative min-h-0 flex-1">
        <div
          ref={host}
          role="log"
          aria-live="off"
          aria-label={`Output of ${key.stage}`}
          tabIndex={0}
          className="log-host"
          onCopy={(event) => {
            const selection = view && readSelection(view.layer);
            if (!view || (!selection && !state?.selection)) return;
            const text = selection && textOfSelection(view.log, selection);
            event.preventDefault();
            if (text !== null) event.clipboardData.setData('text/plain', text);
            // A line between is not at hand any more: then whole lines, as they were printed.
            else copy(selection ? { from: selection.first.n, to: selection.last.n } : state?.selection);
          }}
        />
        {hits.length > 0 && state ? <HitTicks hits={hits} lines={state.lines} /> : null}
        {state?.follow.kind === 'off' && state.follow.unseen > 0 ? (
          <div className="pointer-events-none absolute inset-x-0 bottom-4 flex justify-center">
            <Button size="dense" icon={ArrowDown} className="pointer-events-auto shadow-overlay" onClick={act.follow}>
              {formatCount(state.follow.unseen)} new {state.follow.unseen === 1 ? 'line' : 'lines'}
            </Button>
          </div>
        ) : null}
        <Cover opening={opening} retry={retry} state={state} />
      </div>
      {announces && state ? <ErrorAnnouncer errors={state.index.errors} /> : null}
    </section>
  );
}

function Cover({ opening, retry, state }: Pick<ReturnType<typeof useLogView>, 'opening' | 'retry' | 'state'>) {
  switch (opening.kind) {
    case 'opening':
      return (
        <div className="absolute inset-0 overflow-hidden bg-base">
          <AfterAMoment>
            <SkeletonRows rows={12} isDense />
          </AfterAMoment>
        </div>
      );
    case 'refused':
      return (
        <div className="absolute inset-0 overflow-auto bg-base">
          <ErrorState what="The log could not be read" problem={opening.problem} onRetry={retry} />
        </div>
      );
    case 'open': {
      if (!state || state.lines > 0 || state.index.groups.length > 0) return null;
      return (
        <p role="status" className="absolute inset-x-0 top-12 text-center text-13 text-2">
          {state.index.ended ? 'Finished without output' : 'No output yet'}
        </p>
      );
    }
    default:
      return opening satisfies never;
  }
}

function close(change: ReturnType<typeof useLogOptions>[1], host: HTMLElement | null): void {
  change({ text: null, areHitsAlone: false });
  host?.focus();
}

/** The chosen lines in the address, without a step back for each. */
function writeAddress(range: LineRange | null): void {
  const { pathname, search } = location;
  history.replaceState(history.state, '', `${pathname}${search}${range ? formatLines(range) : ''}`);
}
