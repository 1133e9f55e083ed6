import type { InboxGate } from '#core/rest-inbox.ts';

/** Where a gate leads to: what is approved together has one. */
export function placeOf({ run, environment }: InboxGate): string {
  return environment === null ? run.workspace : `${environment} of ${run.workspace}`;
}

/** Why a gate cannot be approved together with those that are chosen; null when it can. */
export function explainApart(item: InboxGate, chosen: readonly InboxGate[]): string | null {
  const asks = item.gate.fields.find(({ required, default: value }) => required && value === null);
  if (asks) return `It asks for ${asks.name}: approve it by itself`;
  const [first] = chosen;
  if (!first || placeOf(first) === placeOf(item)) return null;
  return `It leads to ${placeOf(item)}, the chosen ones to ${placeOf(first)}`;
}
