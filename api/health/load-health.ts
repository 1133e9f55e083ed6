import type { HealthObject } from '#core/rest-health.ts';
import type { ApiContext } from '../context.ts';
import { listHealthFacts } from './facts.ts';

/** All facts with the worst of them. Throws `database-unreachable`. */
export async function loadHealth(context: ApiContext): Promise<HealthObject> {
  const { database, facts } = await listHealthFacts(context);
  const worst = (['bad', 'warn'] as const).find((state) => facts.some((fact) => fact.state === state));
  const serverTime = new Date().toISOString();
  return { status: worst ?? 'ok', version: context.version, serverTime, database, facts };
}
