import { useState } from 'react';
import type { InboxObject } from '#core/rest-inbox.ts';
import type { GateObject } from '#core/rest.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { approveGate, rejectGate } from '../../actions/gate.ts';
import { usePageActions } from '../../actions/page-actions.tsx';
import { Age } from '../../ui/moment.tsx';
import { nameOf } from './describe-run.ts';
import { Row } from './row.tsx';
import { WorkspaceName } from './workspace-name.tsx';

/** Decisions the caller may make, oldest first. `a` and `d` decide the one that has the focus, else the first. */
export function WaitingRows({ waiting }: { waiting: InboxObject['waiting'] }) {
  const [focused, setFocused] = useState<string | null>(null);
  const chosen = waiting.find(({ gate }) => gate.id === focused) ?? waiting[0];
  usePageActions([approveGate, rejectGate], chosen?.gate ?? null);
  return (
    <ul aria-label="Waits for me">
      {waiting.map(({ gate, run }) => (
        <Row
          key={gate.id}
          id={gate.id}
          state="waiting-decision"
          href={run.url}
          object={
            <>
              {gate.name}{' '}
              <span className="tabular text-2">
                {run.pipeline.name} #{run.number}
              </span>
            </>
          }
          reason={
            <>
              <WorkspaceName path={run.workspace} />
              {describeGate(gate)} · started by {nameOf(run.startedBy)}
              {gate.expiresAt ? (
                <>
                  {' · expires '}
                  <Age at={gate.expiresAt} />
                </>
              ) : null}
            </>
          }
          age={<Age at={gate.createdAt} />}
          onFocus={() => setFocused(gate.id)}
          action={
            <>
              <ActionButton action={rejectGate} subject={gate} variant="ghost" size="dense" />
              <ActionButton action={approveGate} subject={gate} variant="secondary" size="dense" />
            </>
          }
        />
      ))}
    </ul>
  );
}

/** How far its rules are met: `1 of 2 of team:sre`. */
export function describeGate({ rules, unmet }: Pick<GateObject, 'rules' | 'unmet'>): string {
  if (rules.length === 0) return 'anyone who may run it decides';
  return rules
    .map(({ from, min }) => {
      const missing = unmet.find((rule) => rule.from === from)?.min ?? 0;
      return `${min - missing} of ${min} of ${nameOf(from)}`;
    })
    .join(', ');
}
