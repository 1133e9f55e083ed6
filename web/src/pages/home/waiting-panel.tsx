import { useState } from 'react';
import type { InboxGate } from '#core/rest-inbox.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { bindActions } from '../../actions/action.ts';
import { approveGate, approveGates, rejectGate } from '../../actions/gate.ts';
import { useBoundActions } from '../../actions/page-actions.tsx';
import { useActionRunner } from '../../actions/runner.tsx';
import { Count } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectBox } from '../../ui/choice.tsx';
import { Age, Countdown } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { explainApart } from './choose-gates.ts';
import { describeGate } from './describe-gate.ts';
import { nameOf } from './describe-run.ts';
import { Row } from './row.tsx';
import { WorkspaceName } from './workspace-name.tsx';

/**
 * Decisions the caller may make, oldest first. `a` and `d` decide the one that has the focus, else the first; once some
 * are chosen `a` approves those together.
 */
export function WaitingPanel({ waiting }: { waiting: readonly InboxGate[] }) {
  const { run: runner } = useActionRunner();
  const [focused, setFocused] = useState<string | null>(null);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const chosen = waiting.filter(({ gate }) => ids.has(gate.id));
  const current = waiting.find(({ gate }) => gate.id === focused) ?? waiting[0];
  const batch = { id: chosen[0]?.gate.id ?? '', items: chosen };
  useBoundActions(
    chosen.length > 0
      ? bindActions([approveGates], batch, runner)
      : current
        ? bindActions([approveGate, rejectGate], current.gate, runner)
        : [],
  );
  const choose = (id: string, isChosen: boolean) =>
    setIds(new Set([...ids].filter((one) => one !== id).concat(isChosen ? [id] : [])));
  return (
    <Panel
      id="waiting"
      title={
        <>
          Waits for me <Count value={waiting.length} />
        </>
      }
      actions={
        chosen.length > 0 ? (
          <>
            <span role="status" className="tabular text-12 text-2">
              {chosen.length} chosen
            </span>
            <Button size="dense" variant="ghost" onClick={() => setIds(new Set())}>
              Clear
            </Button>
            <ActionButton action={approveGates} subject={batch} variant="primary" size="dense" />
          </>
        ) : null
      }
    >
      <ul aria-label="Waits for me">
        {waiting.map((item) => {
          const { gate, run, environment } = item;
          const isChosen = ids.has(gate.id);
          return (
            <Row
              key={gate.id}
              id={gate.id}
              state="waiting-decision"
              href={run.url}
              isChosen={isChosen}
              choice={
                waiting.length > 1 ? (
                  <SelectBox
                    label={`Choose ${gate.name} of ${run.label}`}
                    isChecked={isChosen}
                    disabledReason={isChosen ? null : explainApart(item, chosen)}
                    onChange={(isOn) => choose(gate.id, isOn)}
                  />
                ) : null
              }
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
                  {environment === null ? null : `${environment} · `}
                  {describeGate(gate)} · started by {nameOf(run.startedBy)}
                  {gate.expiresAt ? (
                    <>
                      {' · expires '}
                      <Countdown to={gate.expiresAt} />
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
          );
        })}
      </ul>
    </Panel>
  );
}
