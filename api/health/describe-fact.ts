import type { HealthFact } from '#core/rest-health.ts';

/** A fact of now without limit and remedy. */
export function describe(id: string, label: string, value: string, state: HealthFact['state']): HealthFact {
  return { id, label, state, value, limit: null, at: new Date().toISOString(), remedy: null };
}
