import { createHash } from 'node:crypto';
import type { Plan } from '#core/plan.ts';

/** SHA-256 (hex) of the canonical JSON of a plan without its digest. Approvals bind to it. */
export function digestPlan(plan: Omit<Plan, 'digest'>): string {
  return createHash('sha256').update(canonicalize(plan)).digest('hex');
}

/** JSON with the keys of every record sorted, so that equal plans are equal texts. */
export function canonicalize(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
