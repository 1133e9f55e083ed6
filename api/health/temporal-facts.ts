import { formatDuration } from '#core/duration.ts';
import { faultOf } from '#core/fault.ts';
import type { HealthFact } from '#core/rest-health.ts';
import type { BusyRunner } from '#db/queries/runners.ts';
import type { ApiContext } from '../context.ts';
import type { QueueState } from '../workflows/gateway.ts';
import { describe } from './describe-fact.ts';
import { readQueues, toExecutors } from './executors.ts';

/** From here on Temporal is slow for whoever waits for a verdict. */
const SLOW_MS = 500;
/** A worker that asks for nothing this long is none. */
const SILENT_MS = 60_000;
/** A task is taken at once by a worker that has room: one that waits longer waits for a place. */
const LATE_MS = 60_000;

/** Temporal, what waits in each of its queues, and who asks it for work (UI §4.16). */
export async function describeTemporal(context: ApiContext, runners: readonly BusyRunner[]): Promise<HealthFact[]> {
  try {
    const begun = performance.now();
    const version = await context.workflows.readVersion();
    const answerMs = Math.round(performance.now() - begun);
    const queues = await readQueues(context, runners);
    const { namespace } = context.settings.temporal;
    const isSlow = answerMs > SLOW_MS;
    return [
      {
        ...describe(
          'temporal',
          `Temporal ${version}`,
          `${answerMs} ms, namespace ${namespace}`,
          isSlow ? 'warn' : 'ok',
        ),
        limit: `${SLOW_MS} ms`,
        remedy: isSlow ? 'look at the load of the Temporal server and of its database' : null,
      },
      describeWorkers(queues, runners),
      ...queues.map(describeQueueState),
    ];
  } catch (error) {
    const fault = faultOf(error);
    return [
      {
        ...describe('temporal', 'Temporal', fault?.message ?? 'answers with an error', 'bad'),
        limit: `${SLOW_MS} ms`,
        remedy: fault?.fix ?? 'look at the log of the Temporal server',
      },
    ];
  }
}

function describeWorkers(queues: readonly QueueState[], runners: readonly BusyRunner[]): HealthFact {
  const fresh = toExecutors(queues, runners).filter(isFresh);
  const count = (kind: string) => fresh.filter((executor) => executor.kind === kind).length;
  const isEmpty = count('workflows') === 0;
  const value = `${count('workflows')} for workflows, ${count('pool')} of the pool, ${count('host')} for their own runs`;
  return {
    ...describe('workers', 'Workers that ask for work', value, isEmpty ? 'bad' : 'ok'),
    limit: 'one at least',
    remedy: isEmpty ? 'start one: buildit server --only worker' : null,
  };
}

/** What waits where nobody asks for work never begins; what waits long, waits for a place. */
function describeQueueState({ queue, backlog, oldestMs, pollers }: QueueState): HealthFact {
  const asking = pollers.filter(isFresh).length;
  const isDead = backlog > 0 && asking === 0;
  const isLate = backlog > 0 && oldestMs > LATE_MS;
  const tasks = backlog === 1 ? '1 task waits' : `${backlog} tasks wait`;
  const waiting = backlog === 0 ? 'empty' : `${tasks}, the first for ${formatDuration(oldestMs)}`;
  const who = asking === 1 ? '1 worker asks' : `${asking} workers ask`;
  return {
    ...describe(
      `queue-${queue}`,
      `Temporal queue ${queue}`,
      `${waiting}, ${who}`,
      isDead ? 'bad' : isLate ? 'warn' : 'ok',
    ),
    limit: 'a minute of waiting',
    remedy: isDead
      ? `start the worker that asks for ${queue}: buildit server --only worker`
      : isLate
        ? 'start another worker, or raise its limits'
        : null,
  };
}

function isFresh({ seenAt }: { seenAt: string | null }): boolean {
  return seenAt === null || Date.now() - Date.parse(seenAt) < SILENT_MS;
}
