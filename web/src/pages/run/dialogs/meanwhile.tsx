import type { GateObject } from '#core/rest.ts';
import { describeActor } from '../../../data/describe-cause.ts';
import { useNow } from '../../../ui/moment.tsx';
import { formatSeconds } from '../stage/stage-words.ts';

/** What others did to a gate while its dialog is open: `bo approved 4s ago, 1 of 2 left` (UI §7.6). */
export function Meanwhile({ before, gate }: { before: GateObject; gate: GateObject }) {
  const now = useNow();
  return (
    <div role="status" className="min-h-5 text-13 text-1 empty:hidden">
      {describeMeanwhile(before, gate, now).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

export function describeMeanwhile(before: GateObject, gate: GateObject, now: number): string[] {
  const known = new Set(before.decisions.map(({ id }) => id));
  const last = gate.decisions.findLast(({ id }) => !known.has(id));
  const lines: string[] = [];
  if (last) {
    const verb = last.verdict === 'approve' ? 'approved' : 'rejected';
    const ago = formatSeconds(Math.max(0, now - Date.parse(last.at)));
    lines.push(`${describeActor(last.actor.id)} ${verb} ${ago} ago${describeLeft(gate)}`);
  }
  if (gate.planDigest !== before.planDigest) {
    const [old, present] = [before, gate].map(({ planDigest }) => planDigest.slice(0, 12));
    lines.push(`The plan is another one now: ${present}, it was ${old}. Close this and look at it again.`);
  }
  return lines;
}

function describeLeft({ rules, unmet, status }: GateObject): string {
  if (status.kind === 'ended') return '';
  const sum = (all: GateObject['rules']) => all.reduce((total, { min }) => total + min, 0);
  const left = sum(unmet);
  return left === 0 ? ', nothing is left' : `, ${left} of ${Math.max(left, sum(rules))} left`;
}
