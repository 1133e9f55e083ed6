import { readFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import postgres from 'postgres';
import type { TemporalSettings } from '#config/system/settings.ts';
import { isServing } from '../grpc-health.ts';

/** What a Postgres of one's own says of itself. */
export interface DatabaseFacts {
  /** `18.4` */
  version: string;
  major: number;
  /** How far its clock is ahead of this machine's, ms. */
  aheadMs: number;
}

const WITHIN_MS = 3_000;
const FRONTEND = 'temporal.api.workflowservice.v1.WorkflowService';

/** Connects to a Postgres and asks it. Rejects with the driver's error. */
export async function probeDatabase(url: string): Promise<DatabaseFacts> {
  const database = postgres(url, { max: 1, connect_timeout: WITHIN_MS / 1_000, onnotice: () => {} });
  try {
    // The first query pays for the connection: only the second one's time is near its answer.
    await database`SELECT 1`;
    const askedAt = Date.now();
    const [row] = await database<{ now: string; version: string }[]>`
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::text AS now, current_setting('server_version') AS version`;
    const version = row?.version.split(' ')[0] ?? '';
    return {
      version,
      major: Number.parseInt(version, 10),
      aheadMs: Math.round(Number(row?.now) - (askedAt + Date.now()) / 2),
    };
  } finally {
    await database.end({ timeout: 1 });
  }
}

/** Whether a Temporal frontend serves; behind TLS, whether it takes our certificates. */
export async function probeTemporal({ address, tls }: TemporalSettings): Promise<boolean> {
  if (tls === null) return isServing(address, FRONTEND, WITHIN_MS);
  const [, host = '', port] = /^(.*):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = connectTls({
      ...{ host, port: Number(port), servername: host, ALPNProtocols: ['h2'], timeout: WITHIN_MS },
      ...(tls.ca === null ? {} : { ca: readFileSync(tls.ca) }),
      ...(tls.client === null ? {} : { cert: readFileSync(tls.client.cert), key: readFileSync(tls.client.key) }),
    });
    const finish = (isReached: boolean): void => {
      socket.destroy();
      resolve(isReached);
    };
    socket.once('secureConnect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}
