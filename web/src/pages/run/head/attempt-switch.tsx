import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Page, RunObject } from '#core/rest.ts';
import { get } from '../../../data/http.ts';
import { useNow } from '../../../ui/moment.tsx';
import { stateOf } from '../../../ui/state.ts';
import { StatusIcon } from '../../../ui/status-icon.tsx';

type AttemptOfRun = Pick<RunObject, 'id' | 'attempt' | 'status' | 'url'>;

/** Every attempt of the run's number; each is kept. Nothing for a run that was run once. */
export function AttemptSwitch({ run }: { run: RunObject }) {
  const now = useNow();
  const { data } = useQuery({
    queryKey: ['run-attempts', run.pipeline.id, run.number],
    // Each page of an attempt asks anew: there may be one more by now.
    refetchOnMount: 'always',
    queryFn: ({ signal }) =>
      get<Page<AttemptOfRun>>(
        'runs',
        { pipeline: run.pipeline.id, number: run.number, fields: 'id,attempt,status,url', limit: 50 },
        signal,
      ),
  });
  const attempts = (data?.items ?? []).toSorted((left, right) => left.attempt - right.attempt);
  if (attempts.length < 2 && run.attempt === 1) return null;
  return (
    <nav aria-label="Attempts" className="flex items-center gap-1">
      {(attempts.length === 0 ? [run] : attempts).map(({ id, attempt, status, url }) => (
        <Link
          key={id}
          href={url}
          aria-current={id === run.id ? 'page' : undefined}
          className="tabular inline-flex h-6 items-center gap-1 rounded-6 border border-subtle px-1.5 text-12 text-2 no-underline hover:bg-hover aria-[current=page]:border-accent aria-[current=page]:text-1"
        >
          <StatusIcon state={stateOf(status, 'run', now)} size={12} />
          <span className="sr-only">Attempt </span>
          {attempt}
        </Link>
      ))}
    </nav>
  );
}
