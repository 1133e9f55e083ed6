import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { RunObject } from '#core/rest.ts';
import { describeCause } from '../../../data/describe-cause.ts';
import { get } from '../../../data/http.ts';

/** The run that a decision lets go on: commit, branch, parameters, who asked for it. */
export function WhatIsDecided({ runId }: { runId: string }) {
  const { data: run } = useQuery({
    queryKey: ['run', runId],
    queryFn: ({ signal }) => get<RunObject>(`runs/${runId}`, {}, signal),
  });
  const params = Object.entries(run?.params ?? {});
  return (
    <div className="flex min-h-10 flex-col gap-0.5 text-13">
      {run ? (
        <p>
          <Link href={run.url} className="font-medium">
            {run.label}
          </Link>{' '}
          <span className="text-2">{describeCause(run)}</span>
        </p>
      ) : null}
      <p className="tabular text-2">
        {run?.branch ? `branch ${run.branch} · ` : ''}
        {run?.commit ? (
          <>
            commit <code className="font-mono text-12 text-1">{run.commit.slice(0, 7)}</code>
            {run.git?.subject ? (
              <>
                {' '}
                <bdi>{run.git.subject}</bdi>
              </>
            ) : null}
            {run.git?.dirty ? ' with changes' : ''}
          </>
        ) : run ? (
          'without a commit'
        ) : null}
        {params.map(([name, value]) => ` · ${name} = ${String(value)}`)}
      </p>
    </div>
  );
}
