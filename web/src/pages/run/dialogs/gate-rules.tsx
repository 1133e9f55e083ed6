import { Circle, CircleCheck, ThumbsDown } from 'lucide-react';
import { type ApproveRule, listMet } from '#core/gate.ts';
import type { GateObject } from '#core/rest.ts';
import { describeActor } from '../../../data/describe-cause.ts';
import { Age, Countdown } from '../../../ui/moment.tsx';

/** What is approved and who has: rules with how far they are met, decisions, the plan's digest, the expiry. */
export function GateRules({ gate }: { gate: GateObject }) {
  const { rules, unmet, decisions, noSelf, planDigest, expiresAt, manual } = gate;
  const met = listMet(rules, decisions);
  const isOpen = gate.status.kind !== 'ended';
  return (
    <div className="flex flex-col gap-3 text-13">
      <ul className="flex flex-col gap-1.5">
        {rules.length === 0 ? (
          <li className="text-2">{manual ? 'Any one who may run the pipeline' : 'Anybody'}</li>
        ) : null}
        {rules.map((rule, index) => {
          const missing = unmet.find(({ from }) => from === rule.from)?.min ?? 0;
          const Icon = missing === 0 ? CircleCheck : Circle;
          return (
            <li key={rule.from} className="flex flex-wrap items-center gap-2">
              <span data-hue={missing === 0 ? 'success' : 'neutral'} className="text-hue">
                <Icon size={16} aria-hidden />
              </span>
              <span className="font-medium">{describeRule(rule)}</span>
              <span className="tabular text-2">
                {rule.min - missing} of {rule.min}
              </span>
              {met[index]?.length ? (
                <span className="text-2">by {met[index].map(({ id }) => describeActor(id)).join(', ')}</span>
              ) : null}
            </li>
          );
        })}
      </ul>
      {decisions.length > 0 ? (
        <ul aria-label="Decisions" className="flex flex-col gap-1 border-t border-subtle pt-2">
          {decisions.map(({ id, verdict, actor, at, comment }) => (
            <li key={id} className="flex flex-wrap items-center gap-2">
              <span data-hue={verdict === 'approve' ? 'success' : 'error'} className="text-hue">
                {verdict === 'approve' ? <CircleCheck size={16} aria-hidden /> : <ThumbsDown size={16} aria-hidden />}
              </span>
              <span className="font-medium">{describeActor(actor.id)}</span>
              <span className="text-2">
                {verdict === 'approve' ? 'approved' : 'rejected'} <Age at={at} />
              </span>
              {actor.verified ? null : <span className="text-3">not verified</span>}
              {comment ? <q className="w-full pl-6 text-2">{comment}</q> : null}
            </li>
          ))}
        </ul>
      ) : null}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t border-subtle pt-2 text-2">
        <dt>Plan</dt>
        <dd>
          <code className="font-mono text-12 text-1" title={planDigest}>
            {planDigest.slice(0, 12)}
          </code>
        </dd>
        {expiresAt === null ? null : (
          <>
            <dt>Expires</dt>
            <dd>{isOpen ? <Countdown to={expiresAt} /> : <Age at={expiresAt} />}</dd>
          </>
        )}
        {noSelf ? (
          <>
            <dt>Not by</dt>
            <dd>who started the run</dd>
          </>
        ) : null}
      </dl>
    </div>
  );
}

/** `team sre`, `ann` */
export function describeRule({ from }: Pick<ApproveRule, 'from'>): string {
  return from.startsWith('team:') ? `team ${from.slice(5)}` : describeActor(from);
}
