import { useQuery } from '@tanstack/react-query';
import { Check, Minus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { RunObject, StageObject, WhyObject } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import type { RunPlace } from './run-address.ts';
import { stateOfStage } from './stage/stage-words.ts';

interface WhyProps {
  run: RunObject;
  stage: StageObject;
  place: RunPlace;
  now: number;
  onClose(): void;
}

/** Why a stage ran, waits or did not run: the answer of `buildit why`. */
export function WhyDrawer({ run, stage, place, now, onClose }: WhyProps) {
  const { data, error, refetch } = useQuery({
    // Another state of the stage has another answer.
    queryKey: ['run-why', run.id, stage.name, stage.seq],
    queryFn: ({ signal }) => get<WhyObject>(`runs/${run.id}/why`, { stage: stage.name }, signal),
    placeholderData: (before) => before,
  });
  return (
    <Dialog title={`Why ${stage.name}?`} onClose={onClose} width="normal">
      <div className="flex flex-col gap-4">
        <p className="flex flex-wrap items-center gap-2 text-13">
          <StatusBadge state={stateOfStage(stage, now)} />
          {data?.reason?.message}
        </p>
        {error ? <ErrorState what="It could not be found out" problem={error} onRetry={() => void refetch()} /> : null}
        {!data && !error ? <SkeletonRows rows={3} /> : null}
        {data ? <Answer why={data} place={place} onClose={onClose} /> : null}
        <CopyText text={`buildit why ${run.label} '${stage.name}'`} />
      </div>
    </Dialog>
  );
}

function Answer({ why, place, onClose }: { why: WhyObject; place: RunPlace; onClose(): void }) {
  const { reason, needs, condition, attempts } = why;
  const values = Object.entries(reason?.values ?? {});
  return (
    <>
      <Part title="Needs">
        {needs.length === 0 ? <p className="text-2">It needs no other stage.</p> : null}
        <ul className="flex flex-col gap-1">
          {needs.map(({ to, on, ending, met }) => (
            <li key={`${to} ${on}`} className="flex items-center gap-2">
              <Met isMet={met} />
              <Link href={place.hrefOf({ stage: to, view: 'log', tab: null, attempt: null })} onClick={onClose}>
                {to}
              </Link>
              <span className="text-2">
                {ending ?? 'has not ended'}, wanted: {on}
              </span>
            </li>
          ))}
        </ul>
      </Part>
      {condition ? (
        <Part title="Condition">
          <p className="flex items-center gap-2">
            <Met isMet={condition.value} />
            <code className="font-mono text-12">{condition.expression}</code>
          </p>
          <Values values={Object.entries(condition.values)} />
        </Part>
      ) : null}
      {values.length > 0 ? (
        <Part title="Values that decided">
          <Values values={values} />
        </Part>
      ) : null}
      {attempts.length > 0 ? (
        <Part title="Attempts">
          <ul className="flex flex-col gap-1">
            {attempts.map(({ attempt, ending, exitCode, reason: cause }) => (
              <li key={attempt} className="tabular">
                {attempt}: {ending}
                {exitCode === null ? '' : `, exit ${exitCode}`}
                {cause ? <span className="text-2"> · {cause.message}</span> : null}
              </li>
            ))}
          </ul>
        </Part>
      ) : null}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5 text-13">
      <h3 className="text-12 font-semibold text-2">{title}</h3>
      {children}
    </section>
  );
}

function Values({ values }: { values: readonly (readonly [string, string])[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 font-mono text-12">
      {values.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-2">{name}</dt>
          <dd className="min-w-0 break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Met({ isMet }: { isMet: boolean | null }) {
  const [Icon, hue, word] =
    isMet === null
      ? ([Minus, 'neutral', 'not decided'] as const)
      : isMet
        ? ([Check, 'success', 'met'] as const)
        : ([X, 'error', 'not met'] as const);
  return (
    <span data-hue={hue} role="img" aria-label={word} className="text-hue">
      <Icon size={16} aria-hidden />
    </span>
  );
}
