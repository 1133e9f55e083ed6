import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { LogIndexObject } from '#core/rest-logs.ts';
import { readLogIndex, readLogRows } from '../../../log/log-source.ts';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { PlainLine } from './plain-line.tsx';

interface ExcerptProps {
  runId: string;
  stage: string;
  attempt: number;
  /** Lines that the log has. */
  lines: number;
  /** Address of a line in the log. */
  hrefOf(line: number): string;
}

interface Excerpt {
  /** First line that is an error by its text, when it is above the last ones. */
  error: { n: number; text: string } | null;
  rows: { n: number; text: string; isError: boolean }[];
}

const LAST = 30;

/** The first error line and the last 30 lines, each a link into the log. */
export function FailureExcerpt({ runId, stage, attempt, lines, hrefOf }: ExcerptProps) {
  const key = { run: runId, stage, attempt };
  const { data, error, refetch } = useQuery({
    queryKey: ['log-excerpt', runId, stage, attempt],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const [index, tail] = await Promise.all([readLogIndex(key, signal), readLogRows(key, { tail: LAST }, signal)]);
      const rows = tail.flatMap((row) => ('n' in row ? [{ n: row.n, text: row.text }] : []));
      const first = findError(index);
      const isAbove = first !== null && first < (rows[0]?.n ?? 0);
      const [found] = isAbove ? await readLogRows(key, { from: first, limit: 1 }, signal) : [];
      const errors = new Set(index.errors);
      return {
        error: found && 'n' in found ? { n: found.n, text: found.text } : null,
        rows: rows.map((row) => ({ ...row, isError: errors.has(row.n) })),
      } satisfies Excerpt;
    },
  });
  if (error) return <InlineProblem problem={error} onRetry={() => void refetch()} />;
  if (lines === 0) return <p className="px-3 py-2 text-12 text-2">It printed nothing.</p>;
  // The place is taken at once: what is below does not move when the lines come.
  const height = Math.min(LAST, lines) * 16 + 12;
  return (
    <div className="min-w-0" style={{ minHeight: height }}>
      {data?.error ? (
        <div className="border-b border-subtle py-1">
          <Line {...data.error} isError hrefOf={hrefOf} />
        </div>
      ) : null}
      <div className="py-1.5">
        {data?.rows.map((row) => (
          <Line key={row.n} {...row} hrefOf={hrefOf} />
        ))}
      </div>
    </div>
  );
}

function Line(props: { n: number; text: string; isError: boolean; hrefOf(line: number): string }) {
  const { n, text, isError, hrefOf } = props;
  return (
    <div className="flex h-4 min-w-0 font-mono text-12 leading-4" data-hue={isError ? 'error' : undefined}>
      {/* Rows are lower than a target should be: by keyboard “Open log” leads to the same lines. */}
      <Link
        href={hrefOf(n)}
        tabIndex={-1}
        aria-label={`Line ${n} in the log`}
        className="tabular w-14 shrink-0 pr-3 text-right text-3 no-underline hover:text-link hover:underline"
      >
        {n}
      </Link>
      <span className={`truncate whitespace-pre ${isError ? 'text-hue-text' : 'text-1'}`}>
        <PlainLine text={text} />
      </span>
    </div>
  );
}

/** The first error of the failed step, else of the log. */
function findError({ errors, groups }: LogIndexObject): number | null {
  const failed = groups.findLast(({ exitCode }) => exitCode !== null && exitCode !== 0);
  return errors.find((line) => line >= (failed?.fromLine ?? 1)) ?? errors[0] ?? null;
}
