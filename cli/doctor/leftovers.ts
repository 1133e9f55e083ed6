import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { text } from 'node:stream/consumers';
import { createClient } from '#api/client/client.ts';
import { INSTANCE_LABEL } from '#core/instance-label.ts';
import { engineStatus } from '#engine/engine-control.ts';
import { findDataFolder, nameDataFiles } from '#engine/places.ts';
import { resolveDockerEndpoint } from '../docker/endpoint.ts';
import { formatBytes } from '../output/bytes.ts';
import type { Finding } from './checks.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What takes longer is not waited for: of Docker, and of the engine, which looks at all that is stored. */
const DOCKER_MS = 5_000;
const ENGINE_MS = 20_000;

/** Other engines that are named. */
const NAMED = 3;

const LISTS = { container: '/containers/json?all=1&', volume: '/volumes?', network: '/networks?' } as const;
type Thing = keyof typeof LISTS;

/** What engines have in Docker, by engine, and what a sweep of the engine that runs here would remove. */
export async function checkLeftovers(environment: Environment): Promise<Finding> {
  const own = readInstance(environment);
  const engines = await countInDocker(environment).catch(() => null);
  const inDocker = engines === null ? null : writeEngines(engines, own);
  const swept = await findSwept(environment).catch(() => null);
  const parts = [inDocker, swept].filter((part) => part !== null);
  return { ok: true, text: parts.join('; ') || 'not counted: neither Docker nor an engine of this machine answers' };
}

function writeEngines(engines: ReadonlyMap<string, ReadonlyMap<Thing, number>>, own: string | null): string {
  const ownThings = engines.get(own ?? '');
  const others = [...engines].filter(([id]) => id !== own);
  const parts = [
    ...(ownThings ? [`this engine: ${writeCounts(ownThings)}`] : []),
    ...(others.length > 0 ? [writeOthers(others)] : []),
  ];
  return parts.length === 0 ? 'nothing in Docker' : `in Docker ${parts.join('; ')}`;
}

/** Null while no engine runs here: looking starts none. */
async function findSwept(environment: Environment): Promise<string | null> {
  const status = await engineStatus({ environment: { ...environment } });
  if (status.kind !== 'running') return null;
  const api = createClient({ socketPath: status.file.socket, token: status.file.token });
  try {
    const { leftovers } = await Promise.race([api.findLeftovers(), expire()]);
    const found = leftovers.filter(({ count }) => count > 0);
    if (found.length === 0) return 'buildit prune has nothing to remove';
    const kinds = found.map(
      ({ kind, count, bytes }) => `${kind} ${count}${bytes === null ? '' : ` (${formatBytes(bytes)})`}`,
    );
    return `buildit prune would remove ${kinds.join(', ')}`;
  } finally {
    api.close();
  }
}

function expire(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error('no answer')), ENGINE_MS).unref();
  });
}

function readInstance(environment: Environment): string | null {
  const { instance } = nameDataFiles(findDataFolder({ ...environment }));
  return existsSync(instance) ? readFileSync(instance, 'utf8').trim() : null;
}

/** Counts by engine. Rejects where Docker does not answer in clear on a socket: another check says so. */
async function countInDocker(environment: Environment): Promise<Map<string, Map<Thing, number>>> {
  const { endpoint } = resolveDockerEndpoint(environment, environment['HOME'] ?? homedir());
  const { protocol, pathname } = new URL(endpoint);
  if (protocol !== 'unix:') throw new Error('not a socket');
  const engines = new Map<string, Map<Thing, number>>();
  const filters = `filters=${encodeURIComponent(JSON.stringify({ label: [INSTANCE_LABEL] }))}`;
  for (const thing of Object.keys(LISTS) as Thing[]) {
    const answer = JSON.parse(await ask(pathname, LISTS[thing] + filters)) as
      | Labelled[]
      | { Volumes: Labelled[] | null };
    for (const { Labels: labels } of Array.isArray(answer) ? answer : (answer.Volumes ?? [])) {
      const id = labels?.[INSTANCE_LABEL];
      if (id === undefined) continue;
      const counts = engines.get(id) ?? new Map<Thing, number>();
      engines.set(id, counts.set(thing, (counts.get(thing) ?? 0) + 1));
    }
  }
  return engines;
}

interface Labelled {
  Labels: Record<string, string> | null;
}

function ask(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { socketPath, path, timeout: DOCKER_MS },
      (answer) => void text(answer).then(resolve, reject),
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
    asked.end();
  });
}

/** The first of them by id: whoever started one knows which data folder it has. */
function writeOthers(others: readonly [id: string, things: ReadonlyMap<Thing, number>][]): string {
  const total = new Map<Thing, number>();
  for (const [, things] of others) {
    for (const [thing, count] of things) total.set(thing, (total.get(thing) ?? 0) + count);
  }
  const names = others.slice(0, NAMED).map(([id]) => id.slice(0, 8));
  const rest = others.length > NAMED ? ', …' : '';
  const who = others.length === 1 ? 'engine' : `${others.length} other engines`;
  return `${who} ${names.join(', ')}${rest}: ${writeCounts(total)}`;
}

function writeCounts(things: ReadonlyMap<Thing, number>): string {
  return [...things].map(([thing, count]) => `${count} ${thing}${count === 1 ? '' : 's'}`).join(', ');
}
