import { useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { formatDuration } from '#core/duration.ts';
import type { RunMark } from '#core/rest-pipelines.ts';
import { STATUS_LOOKS } from '../../ui/status-look.ts';
import { stateOfMark } from './state-of-mark.ts';

const BAR = 5;
const GAP = 1;
const HEIGHT = 24;
const LEAST = 8;

/**
 * The last runs as bars, oldest at the left: height is duration, colour and a notch are the ending. One stop of the Tab
 * key; arrows move between bars, Enter opens the run.
 */
export function RunBars({
  runs,
  href,
  label,
}: {
  runs: readonly RunMark[];
  /** Of the pipeline. */
  href: string;
  label: string;
}) {
  const [, navigate] = useLocation();
  const shown = runs.toReversed();
  // The newest until an arrow has chosen another one, which stays chosen whatever comes.
  const [chosen, setChosen] = useState<string | null>(null);
  const longest = Math.max(1, ...shown.map(({ durationMs }) => durationMs ?? 0));
  const found = shown.findIndex((run) => keyOf(run) === chosen);
  const at = found === -1 ? shown.length - 1 : found;
  const current = shown[at];
  // A number alone is its last attempt.
  const hrefOf = (run: RunMark) => `${href}/runs/${keyOf(run)}`;
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: shown.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const next = shown[Math.max(0, Math.min(shown.length - 1, to))];
      setChosen(next && next !== shown.at(-1) ? keyOf(next) : null);
    } else if (event.key === 'Enter' && current) {
      event.preventDefault();
      event.stopPropagation();
      navigate(hrefOf(current));
    }
  };
  if (!current) return <span className="text-12 text-3">never ran</span>;
  return (
    <span
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={shown.length}
      aria-valuenow={at + 1}
      aria-valuetext={describeMark(current)}
      onKeyDown={onKeyDown}
      className="relative inline-flex items-end rounded-4"
      style={{ height: HEIGHT, gap: GAP }}
    >
      {shown.map((run, index) => {
        const { hue } = STATUS_LOOKS[stateOfMark(run)];
        const height = Math.max(LEAST, Math.round(((run.durationMs ?? 0) / longest) * HEIGHT));
        return (
          <span
            key={keyOf(run)}
            data-hue={hue}
            title={describeMark(run)}
            onClick={() => navigate(hrefOf(run))}
            className={`block cursor-pointer rounded-t-[2px] bg-hue ${index === at ? 'opacity-100' : 'opacity-80'} ${isBroken(run) ? 'border-b-2 border-(--text-1)' : ''}`}
            style={{ width: BAR, height }}
          />
        );
      })}
    </span>
  );
}

const keyOf = ({ number, attempt }: RunMark) => `${number}.${attempt}`;

function describeMark(run: RunMark): string {
  const took = run.durationMs === null ? '' : `, ${formatDuration(run.durationMs)}`;
  return `#${run.number}${run.attempt > 1 ? `.${run.attempt}` : ''} ${STATUS_LOOKS[stateOfMark(run)].word}${took}`;
}

/** Also without colours these are told apart: they have a foot. */
function isBroken({ state }: RunMark): boolean {
  return state === 'failed' || state === 'errored' || state === 'timed-out' || state === 'rejected';
}
