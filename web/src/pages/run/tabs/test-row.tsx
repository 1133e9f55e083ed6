import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { formatDuration } from '#core/duration.ts';
import type { TestOfRunObject, TestResultObject } from '#core/rest-tests.ts';
import type { Page, RunObject } from '#core/rest.ts';
import type { TestOutcome } from '#core/test-report.ts';
import { get } from '../../../data/http.ts';
import { useLiveQuery } from '../../../data/live-queries.ts';
import { Badge } from '../../../ui/badge.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { Age } from '../../../ui/moment.tsx';
import type { State } from '../../../ui/state.ts';
import { StatusIcon } from '../../../ui/status-icon.tsx';
import { markTest } from './judge-test.ts';

const STATES: Record<TestOutcome, State> = {
  passed: 'passed',
  failed: 'failed',
  errored: 'errored',
  skipped: 'skipped',
};

/** One result: what is remarkable of it, and, opened, what the tool said and its last results. */
export function TestRow({ run, result }: { run: RunObject; result: TestResultObject }) {
  const [isOpen, setOpen] = useState(false);
  const { suite, name, outcome, durationMs, stage } = result;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li className="border-b border-subtle">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-9 w-full items-center gap-2 px-3 py-1 text-left text-13 -outline-offset-2 hover:bg-hover"
      >
        <Chevron size={16} aria-hidden className="shrink-0 text-2" />
        <StatusIcon state={STATES[outcome]} />
        <span className="min-w-0 flex-1 truncate text-1">
          {suite === '' ? null : <span className="text-2">{suite} › </span>}
          {name}
        </span>
        {markTest(result).map(({ text, hue }) => (
          <Badge key={text} hue={hue}>
            {text}
          </Badge>
        ))}
        <span className="max-w-40 truncate text-2 max-sm:hidden">{stage}</span>
        <span className="tabular w-16 text-right text-2">{durationMs === null ? '' : formatDuration(durationMs)}</span>
      </button>
      {isOpen ? <TestDetail run={run} result={result} /> : null}
    </li>
  );
}

function TestDetail({ run, result }: { run: RunObject; result: TestResultObject }) {
  const { message, trace, file, line } = result;
  return (
    <div className="space-y-3 py-3 pr-3 pl-10 text-13">
      {message === null ? null : <p className="wrap-anywhere whitespace-pre-wrap text-1">{message}</p>}
      {file === null ? null : (
        <p className="font-mono text-12 text-2">
          {file}
          {line === null ? '' : `:${line}`}
        </p>
      )}
      {trace === null ? null : (
        <pre
          tabIndex={0}
          aria-label="What the tool printed"
          className="max-h-80 overflow-auto rounded-6 border border-subtle p-3 font-mono text-12 text-1"
        >
          {trace}
        </pre>
      )}
      <TestHistory run={run} result={result} />
    </div>
  );
}

/** The last results of a test in runs of the pipeline, newest first. */
function TestHistory({ run, result }: { run: RunObject; result: TestResultObject }) {
  const { data, error, refetch } = useLiveQuery({
    key: ['test-history', run.id, result.id],
    load: (signal) => get<Page<TestOfRunObject>>(`runs/${run.id}/tests/${result.id}/history`, {}, signal),
  });
  if (error) return <InlineProblem problem={error} onRetry={() => void refetch()} />;
  return (
    <div>
      <h4 className="mb-1 text-12 font-medium text-2">Last results</h4>
      <ol aria-label="Last results" className="space-y-0.5 text-12">
        {data?.items.map(({ id, runId, label, branch, outcome, durationMs, at }) => (
          <li key={id} className="flex min-h-6 items-center gap-2">
            <StatusIcon state={STATES[outcome]} />
            <a href={`/r/${runId}`} className="inline-flex min-h-6 items-center">
              {label}
            </a>
            <span className="truncate text-2">{branch ?? ''}</span>
            <span className="tabular text-2">{durationMs === null ? '' : formatDuration(durationMs)}</span>
            <span className="text-2">
              <Age at={at} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
