import { ShieldCheck } from 'lucide-react';
import type { GateObject } from '#core/rest.ts';
import { ActionButton } from '../../../actions/action-button.tsx';
import { approveGate, rejectGate } from '../../../actions/gate.ts';
import { StatusBadge } from '../../../ui/badge.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { stateOf } from '../../../ui/state.ts';
import { GateRules } from '../dialogs/gate-rules.tsx';

/** Every gate of the run: what it asks, who has decided. */
export function ApprovalsTab({ gates, now }: { gates: readonly GateObject[]; now: number }) {
  if (gates.length === 0) {
    return (
      <EmptyState icon={ShieldCheck} title="Nobody has to approve anything in this run">
        A gate in the file asks people before what needs it goes on.
      </EmptyState>
    );
  }
  return (
    <ul className="flex flex-col gap-3 p-3">
      {gates.map((gate) => (
        <li key={gate.id}>
          <GateCard gate={gate} now={now} />
        </li>
      ))}
    </ul>
  );
}

/** A gate with its rules, and the decision where it may be made. */
export function GateCard({ gate, now }: { gate: GateObject; now: number }) {
  const { status, can } = gate;
  const isOpen = status.kind !== 'ended';
  const reason = 'reason' in status ? status.reason : null;
  return (
    <article className="flex flex-col gap-3 rounded-8 border border-subtle bg-raised p-4">
      <header className="flex flex-wrap items-center gap-2">
        <h3 className="text-14 font-semibold">{gate.name}</h3>
        <StatusBadge state={stateOf(status, 'gate', now)} />
        {isOpen ? (
          <span className="ml-auto flex items-center gap-2">
            <ActionButton action={rejectGate} subject={gate} variant="secondary" />
            <ActionButton action={approveGate} subject={gate} variant="primary" />
          </span>
        ) : null}
      </header>
      {reason ? <p className="text-13 text-2">{reason.message}</p> : null}
      {isOpen && can.approve !== true ? <p className="text-13 text-1">You cannot decide: {can.approve.no}.</p> : null}
      <GateRules gate={gate} />
    </article>
  );
}
