import { randomUUID } from 'node:crypto';
import type { GateObject, Page, RunObject, StageObject, StartRunRequest } from '#core/rest.ts';
import { openTransport, readJson, type Endpoint } from './transport.ts';

/** The API, typed. Every call throws ApiProblem for a refusal and the fault `api-unreachable` when nobody answers. */
export type ApiClient = ReturnType<typeof createClient>;

export function createClient(endpoint: Endpoint) {
  const transport = openTransport(endpoint);
  const get = async <Value>(path: string) => readJson<Value>(await transport.send({ method: 'GET', path }));
  /** A write carries a key, so that it can be sent again when the answer was lost. */
  const post = async <Value>(path: string, body: unknown, key: string = randomUUID()) =>
    readJson<Value>(await transport.send({ method: 'POST', path, body, headers: { 'Idempotency-Key': key } }));
  const run = (reference: string) => `runs/${encodeURIComponent(reference)}`;
  return {
    /** Accepts a local run (ENGINE 11). */
    startRun: (body: StartRunRequest, key?: string) => post<RunObject>('runs', body, key),
    /** By id or label: `local/17`, `17`, `17.2`, `@last`. */
    getRun: (reference: string) => get<RunObject>(run(reference)),
    listStages: (reference: string) => get<Page<StageObject>>(`${run(reference)}/stages`),
    listGates: (reference: string) => get<Page<GateObject>>(`${run(reference)}/gates`),
    close: () => transport.close(),
  };
}
