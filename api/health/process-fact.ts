import type { HealthFact } from '#core/rest-health.ts';
import type { listApiProcesses } from '#db/queries/api-processes.ts';
import { describe } from './describe-fact.ts';

/**
 * The processes of the API. As this one answers, none that is silent is a fault; one that is gone, or has another version
 * than the rest, may be what people meet behind a proxy all the same.
 */
export function describeProcesses(processes: Awaited<ReturnType<typeof listApiProcesses>>): HealthFact {
  const alive = processes.filter(({ isAlive }) => isAlive);
  const silent = processes.filter(({ isAlive }) => !isAlive);
  const versions = new Set(alive.map(({ version }) => version));
  const names = alive.map(({ name, version }) => (versions.size > 1 ? `${name} (${version})` : name)).join(', ');
  const value = [
    alive.length === 0 ? 'this one alone' : `${alive.length} there: ${names}`,
    ...(silent.length > 0 ? [`silent: ${silent.map(({ name }) => name).join(', ')}`] : []),
  ].join('; ');
  const limit = 'none silent';
  const label = 'API processes';
  const [first] = silent;
  if (first) {
    const remedy = `${first.name} was heard of last at ${first.seenAt}: start it again if it should be there; one that was replaced is forgotten after a day`;
    return { ...describe('api', label, value, 'warn'), limit, remedy };
  }
  const remedy = versions.size > 1 ? 'bring all of them to one version' : null;
  return { ...describe('api', label, value, remedy === null ? 'ok' : 'warn'), limit, remedy };
}
