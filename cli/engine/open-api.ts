import { randomUUID } from 'node:crypto';
import { openTransport, readJson, readText } from '#api/client/transport.ts';
import type { Page, StreamEvent } from '#core/rest.ts';
import type { Api, LogRow } from './api.ts';
import { readEvents } from './server-events.ts';

/** The API on the engine's socket. */
export function openApi({ socket, token }: { socket: string; token: string }): Api {
  const transport = openTransport({ socketPath: socket, token });
  const get = async <Value>(path: string) => readJson<Value>(await transport.send({ method: 'GET', path }));
  const list = async <Item>(path: string) => (await get<Page<Item>>(path)).items;
  const post = async <Value>(path: string, body: unknown) => {
    const headers = { 'Idempotency-Key': randomUUID() };
    return readJson<Value>(await transport.send({ method: 'POST', path, body, headers }));
  };
  const of = (...parts: (string | number)[]) => parts.map((part) => encodeURIComponent(part)).join('/');
  const log = (run: string, stage: string, attempt: number) =>
    `${of('runs', run, 'stages', stage, 'attempts', attempt)}/log`;
  return {
    startRun: (request) => post('runs', request),
    listRuns: ({ limit, cursor }) =>
      get(`runs?limit=${limit}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
    getRun: (reference) => get(of('runs', reference)),
    getPlan: (run) => get(of('runs', run, 'plan')),
    listStages: (run) => list(of('runs', run, 'stages')),
    listGates: (run) => list(of('runs', run, 'gates')),
    listArtifacts: (run) => list(of('runs', run, 'artifacts')),
    getArtifact: (id) => transport.send({ method: 'GET', path: of('artifacts', id, 'content') }),
    listArtifactFiles: (id) => list(of('artifacts', id, 'files')),
    explainStage: (run, stage) => get(`${of('runs', run, 'why')}?stage=${encodeURIComponent(stage)}`),
    cancelRun: (run, force) => post(of('runs', run, 'cancel'), { force }),
    rerun: (run, request) => post(of('runs', run, 'rerun'), request),
    decide: (gate, request) => post(of('gates', gate, 'decisions'), request),
    getCommand: (id) => get(of('commands', id)),
    async readLog(run, stage, attempt, query) {
      const words = 'tail' in query ? `tail=${query.tail}` : `from=${query.from}&limit=${query.limit}`;
      const text = await readText(
        await transport.send({ method: 'GET', path: `${log(run, stage, attempt)}?${words}` }),
      );
      return text.split('\n').flatMap((line): LogRow[] => (line === '' ? [] : [JSON.parse(line) as LogRow]));
    },
    readLogIndex: (run, stage, attempt) => get(`${log(run, stage, attempt)}/index`),
    readRawLog: (run, stage, attempt) =>
      transport.send({ method: 'GET', path: `${log(run, stage, attempt)}?format=raw` }),
    async stream(topics, onEvent, signal) {
      const path = `stream?${topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join('&')}`;
      const answer = await transport.send({ method: 'GET', path, headers: { Accept: 'text/event-stream' }, signal });
      await readEvents(answer, (event) => onEvent(event as StreamEvent));
    },
  };
}
