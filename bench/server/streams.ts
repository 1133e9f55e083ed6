import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { quantile } from '../quantile.ts';
import { readPss } from './memory.ts';
import type { BenchServer } from './open-server.ts';

const CLIENTS = 2_000;
const SLOW = 200;
const EVENTS = 20;

/** What the clients' process tells: how many are connected, or what one event took to reach each. */
export type ClientMessage = { kind: 'connected'; count: number } | { kind: 'heard'; latencies: number[] };

/**
 * 2,000 streams on one list, 200 of which take nothing, in a process of their own. An event is a trigger; its latency is
 * from the answer of the trigger to the moment a client reads it.
 */
export async function measureStreams(server: BenchServer): Promise<Record<string, number>> {
  await server.createPipeline('streamed', 'gate "never" { approve from="user:nobody" }\n');
  const api = server.engine().processes.find(({ role }) => role === 'api')?.pid ?? 0;
  const before = readPss(api);
  const clients = fork(fileURLToPath(new URL('stream-clients.ts', import.meta.url)), [
    server.url,
    server.bearer,
    String(CLIENTS),
    String(SLOW),
  ]);
  await hear(clients, 'connected');
  const after = readPss(api);
  const latencies: number[] = [];
  const ids: string[] = [];
  for (let event = 0; event < EVENTS; event++) {
    const { id } = await server.call<{ id: string }>('POST', 'pipelines/streamed/runs', {});
    ids.push(id);
    clients.send({ id, at: Date.now() });
    const heard = await hear(clients, 'heard');
    latencies.push(...heard.latencies);
  }
  const loaded = readPss(api);
  clients.kill('SIGKILL');
  for (const id of ids) await server.call('POST', `runs/${id}/cancel`, {});
  return {
    'streams open': CLIENTS,
    'kB a stream (PSS of the API)': ((after - before) * 1_000) / CLIENTS,
    'kB a stream after 20 events': ((loaded - before) * 1_000) / CLIENTS,
    'event p50 ms': quantile(latencies, 0.5),
    'event p99 ms': quantile(latencies, 0.99),
    'events heard / sent': latencies.length / ((CLIENTS - SLOW) * EVENTS),
  };
}

function hear<Kind extends ClientMessage['kind']>(
  clients: ChildProcess,
  kind: Kind,
): Promise<Extract<ClientMessage, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the clients say no "${kind}"`)), 60_000);
    const onMessage = (message: ClientMessage) => {
      if (message.kind !== kind) return;
      clearTimeout(timer);
      clients.off('message', onMessage);
      resolve(message as Extract<ClientMessage, { kind: Kind }>);
    };
    clients.on('message', onMessage);
  });
}
