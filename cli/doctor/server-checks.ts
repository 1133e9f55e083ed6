import { createServer } from 'node:net';
import { loadSettings } from '#config/system/load.ts';
import { isLoopback } from '#config/system/loopback.ts';
import type { TemporalSettings } from '#config/system/settings.ts';
import { toFault } from '#core/fault.ts';
import { REMEDIES } from '#core/remedy.ts';
import { engineStatus } from '#engine/engine-control.ts';
import { probeDatabase, probeTemporal } from '#engine/external/probe.ts';
import type { Finding } from './checks.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const PORT = 30_080;
const LEAST_POSTGRES = 15;
const WORST_SKEW_MS = 5_000;

/** The Postgres of `DATABASE_URL`: reached, new enough, with our time. */
export async function checkOwnDatabase(url: string): Promise<Finding> {
  const name = describeAddress(url);
  try {
    const { version, major, aheadMs } = await probeDatabase(url);
    if (major < LEAST_POSTGRES) {
      return { ok: false, text: `Postgres ${version} at ${name}`, fix: `use Postgres ${LEAST_POSTGRES} or newer` };
    }
    if (Math.abs(aheadMs) > WORST_SKEW_MS) {
      const way = aheadMs > 0 ? 'ahead of' : 'behind';
      return {
        ok: false,
        text: `its clock is ${Math.abs(Math.round(aheadMs / 1_000))} s ${way} this machine's`,
        fix: REMEDIES.clocks,
      };
    }
    return { ok: true, text: `Postgres ${version} at ${name}` };
  } catch (thrown) {
    return {
      ok: false,
      text: `DATABASE_URL, ${name}: ${toFault(thrown).cause ?? 'does not answer'}`,
      fix: 'correct DATABASE_URL, or start that Postgres',
    };
  }
}

/** The Temporal of `TEMPORAL_ADDRESS`. */
export async function checkOwnTemporal(environment: Environment): Promise<Finding> {
  let temporal: TemporalSettings;
  try {
    ({ temporal } = loadSettings({ ...PLACES, ...environment }));
  } catch (thrown) {
    return describeWrong(thrown);
  }
  if (await probeTemporal(temporal)) return { ok: true, text: `serves at ${temporal.address}` };
  return {
    ok: false,
    text: `does not serve at ${temporal.address}${temporal.tls === null ? '' : ' with TLS'}`,
    fix: 'correct TEMPORAL_ADDRESS and TEMPORAL_TLS…, or start that Temporal',
  };
}

/** The port of a server here: open, or free to be opened. */
export async function checkServerPort(environment: Environment): Promise<Finding> {
  const status = await engineStatus({ environment: { ...environment } });
  if (status.kind === 'running' && status.file.port) return { ok: true, text: `open at ${status.file.port}` };
  const taken = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen(PORT, '127.0.0.1', () => server.close(() => resolve(false)));
  });
  return { ok: true, text: taken ? `${PORT} is taken; a server takes the next free one` : `${PORT} is free` };
}

/** What a server of this environment would do that others can abuse; null when nothing. */
export async function findInsecureServer(environment: Environment): Promise<Finding | null> {
  const status = await engineStatus({ environment: { ...environment } });
  const open = status.kind === 'running' && status.file.port ? new URL(status.file.port) : null;
  const isInClear = open?.protocol === 'http:' && !isLoopback(open.hostname.replace(/^\[|\]$/g, ''));
  if (isInClear || environment['BUILDIT_INSECURE_HTTP'] === 'on') {
    return {
      ok: false,
      text: `${open ? `${open.origin} is` : 'BUILDIT_INSECURE_HTTP=on allows'} plain http: passwords and tokens travel in clear`,
      fix: REMEDIES.transport,
    };
  }
  try {
    loadSettings({ ...PLACES, ...environment });
  } catch (thrown) {
    return describeWrong(thrown);
  }
  return null;
}

function describeWrong(thrown: unknown): Finding {
  const { message, fix } = toFault(thrown);
  return { ok: false, text: message, fix: fix ?? 'correct it' };
}

/** What a process is given when it starts, so that the rest of an environment can be read before. */
const PLACES = {
  BUILDIT_DATA: '/',
  BUILDIT_INSTANCE: 'doctor',
  BUILDIT_CONTENT_VERSION: 'doctor',
  DATABASE_URL: 'postgres://127.0.0.1/none',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
};

/** Without user and password. */
function describeAddress(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.host}${parsed.pathname}` : 'which is no address';
}
