import type { GateObject } from '#core/rest.ts';
import { nameOf } from './describe-run.ts';

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
