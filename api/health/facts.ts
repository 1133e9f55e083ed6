import { REMEDIES } from '#core/remedy.ts';
import type { HealthFact } from '#core/rest-health.ts';
import { findSchemaLag } from '#db/migrate.ts';
import { listApiProcesses } from '#db/queries/api-processes.ts';
import { listFindings } from '#db/queries/findings.ts';
import { readHealth, type DatabaseHealth } from '#db/queries/health.ts';
import { readQueueWait } from '#db/queries/queue-wait.ts';
import { listRunners } from '#db/queries/runners.ts';
import { findMaintenance } from '#db/queries/switches.ts';
import type { FindingRow } from '#db/rows.ts';
import type { ApiContext } from '../context.ts';
import { describe } from './describe-fact.ts';
import {
  describeDisk,
  describeHosts,
  describeMaintenance,
  describeStreams,
  describeTransport,
} from './machine-facts.ts';
import { describeProcesses } from './process-fact.ts';
import { describeQueue } from './queue-fact.ts';
import { watchStore } from './store-watch.ts';
import { describeTemporal } from './temporal-facts.ts';

/** From here on a part is slow, or does not answer for a person's purposes. */
const SLOW_MS = 100;
const OUTBOX_LATE_MS = 10_000;
const SKEW_MS = 1_000;

/** Asks every part. Throws `database-unreachable`: without it there is nothing to say. */
export async function listHealthFacts(
  context: ApiContext,
): Promise<{ database: Omit<DatabaseHealth, 'databaseTime'> & { answerMs: number }; facts: HealthFact[] }> {
  const begun = performance.now();
  const health = await readHealth(context.database);
  const answerMs = Math.round(performance.now() - begun);
  const { databaseTime, ...database } = health;
  const runners = await listRunners(context.database);
  const [lag, processes, temporal, findings, maintenance, disk, store, queue] = await Promise.all([
    findSchemaLag(context.database),
    listApiProcesses(context.database),
    describeTemporal(context, runners),
    listFindings(context.database),
    findMaintenance(context.database),
    describeDisk(context),
    lookAtStore(context),
    readQueueWait(context.database),
  ]);
  return {
    database: { answerMs, ...database },
    facts: [
      describeProcesses(processes),
      {
        ...describe('database', `PostgreSQL ${database.version}`, `${answerMs} ms`, answerMs > SLOW_MS ? 'warn' : 'ok'),
        limit: `${SLOW_MS} ms`,
        remedy: answerMs > SLOW_MS ? 'look at the load of the database server' : null,
      },
      {
        ...describe('schema', 'Migrations', lag === 0 ? 'all run' : `${lag} to be run`, lag === 0 ? 'ok' : 'bad'),
        limit: 'all run',
        remedy: lag === 0 ? null : 'restart the server: it runs them at its start',
      },
      describeOutbox(database),
      describeQueue(queue),
      describeClock(databaseTime),
      describeFindings(findings),
      ...temporal,
      describeHosts(runners),
      store,
      disk,
      describeTransport(context),
      describeStreams(context),
      describeMaintenance(maintenance),
    ],
  };
}

function describeOutbox({ outbox, outboxAgeMs, outboxError }: Omit<DatabaseHealth, 'databaseTime'>): HealthFact {
  const isLate = outbox > 0 && outboxAgeMs > OUTBOX_LATE_MS;
  const value = outbox === 0 ? 'empty' : `${outbox} runs wait, the first for ${Math.round(outboxAgeMs / 1_000)} s`;
  return {
    ...describe('outbox', 'Accepted runs that are not started', value, isLate ? 'bad' : 'ok'),
    limit: `${OUTBOX_LATE_MS / 1_000} s`,
    remedy: isLate ? (outboxError ?? 'look at Temporal: runs are started as soon as it answers') : null,
  };
}

/** What rows, workflows and hosts disagree on; the reconciler looks every minute. */
function describeFindings(findings: readonly FindingRow[]): HealthFact {
  const [first] = findings;
  const limit = 'none';
  if (!first) return { ...describe('reconciler', 'Findings of the reconciler', 'none', 'ok'), limit };
  const more = findings.length > 1 ? ` and ${findings.length - 1} more` : '';
  return {
    ...describe('reconciler', 'Findings of the reconciler', `${first.kind}: ${first.subject}${more}`, 'warn'),
    limit,
    remedy: `${first.message}; since ${first.firstSeenAt}`,
  };
}

function describeClock(databaseTime: string): HealthFact {
  const skewMs = Math.abs(Date.now() - Date.parse(databaseTime));
  const isOff = skewMs > SKEW_MS;
  return {
    ...describe('clock', 'Clock against the database', `${Math.round(skewMs)} ms apart`, isOff ? 'warn' : 'ok'),
    limit: `${SKEW_MS} ms`,
    remedy: isOff ? REMEDIES.clocks : null,
  };
}

const storeWatches = new WeakMap<ApiContext, ReturnType<typeof watchStore>>();

/** One watch a process: it remembers since when the store fails. */
function lookAtStore(context: ApiContext): Promise<HealthFact> {
  const watch = storeWatches.get(context) ?? watchStore(context.stores);
  storeWatches.set(context, watch);
  return watch();
}
