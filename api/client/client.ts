import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Plan } from '#core/plan.ts';
import type {
  ArtifactObject,
  CommandObject,
  DecisionRequest,
  GateObject,
  Page,
  RerunRequest,
  RunObject,
  StageObject,
  StartRunRequest,
  StreamEvent,
  WhyObject,
} from '#core/rest.ts';
import { problemOf } from './problem.ts';
import { readEvents } from './read-events.ts';
import { openTransport, readChunks, readJson, readText, type Endpoint } from './transport.ts';

/** Rows of a log: a line (`t` is ms since the attempt began), or a hole. */
export type ClientLogRow =
  | { n: number; t: number; text: string; partial?: true; cut?: number }
  | { gap: { bytes: number; fromAt: string; toAt: string; cause: string } };

export interface ClientLogIndex {
  lines: number;
  bytes: number;
  groups: {
    step: number;
    title: string;
    fromLine: number;
    fromByte: number;
    exitCode: number | null;
    durationMs: number | null;
  }[];
  gaps: { line: number; bytes: number; cause: string }[];
  digest: string | null;
  ended: boolean;
}

/** The API, typed. Every call throws ApiProblem for a refusal and the fault `api-unreachable` when nobody answers. */
export type ApiClient = ReturnType<typeof createClient>;

/** A stream that says nothing for this long is cut (UI §7): the server gives a sign of life every 15 s. */
const SILENCE_MS = 40_000;
/** How often and how long a write waits for an earlier one with its key, ms. */
const BUSY_TRIES = 60;
const BUSY_MS = 500;

export function createClient(endpoint: Endpoint) {
  const transport = openTransport(endpoint);
  const get = async <Value>(path: string) => readJson<Value>(await transport.send({ method: 'GET', path }));
  const list = async <Item>(path: string) => (await get<Page<Item>>(path)).items;
  /** A write carries a key, so that it can be sent again when the answer was lost. */
  const post = async <Value>(path: string, body: unknown, key: string = randomUUID()): Promise<Value> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await readJson<Value>(
          await transport.send({ method: 'POST', path, body, headers: { 'Idempotency-Key': key } }),
        );
      } catch (error) {
        // The first request with this key lost its caller and is still at it: its answer is ours.
        if (tries === BUSY_TRIES || problemOf(error)?.code !== 'idempotency-key-busy') throw error;
        await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
      }
    }
  };
  const encode = encodeURIComponent;
  const runPath = (reference: string) => `runs/${encode(reference)}`;
  const logPath = (reference: string, stage: string, attempt: number) =>
    `${runPath(reference)}/stages/${encode(stage)}/attempts/${attempt}/log`;
  return {
    /** Accepts a local run (ENGINE 11). */
    startRun: (body: StartRunRequest, key?: string) => post<RunObject>('runs', body, key),
    /** Newest first. */
    listRuns: (query: { limit?: number; cursor?: string | null; pipeline?: string; status?: string } = {}) =>
      get<Page<RunObject>>(`runs${toQuery(query)}`),
    /** By id or label: `local/17`, `17`, `17.2`, `@last`. So with every reference below. */
    getRun: (reference: string) => get<RunObject>(runPath(reference)),
    getPlan: (reference: string) => get<Plan>(`${runPath(reference)}/plan`),
    listStages: (reference: string) => list<StageObject>(`${runPath(reference)}/stages`),
    listGates: (reference: string) => list<GateObject>(`${runPath(reference)}/gates`),
    listArtifacts: (reference: string) => list<ArtifactObject>(`${runPath(reference)}/artifacts`),
    /** What is in it; `digest` is the SHA-256 of a file's content, null of folders and links. */
    listArtifactFiles: (id: string) =>
      list<{ path: string; bytes: number; digest: string | null }>(`artifacts/${encode(id)}/files`),
    /** The tree of an artifact as a tar stream, verified on its way. */
    getArtifact: async (id: string): Promise<Readable> =>
      transport.send({ method: 'GET', path: `artifacts/${encode(id)}/content` }),
    explainStage: (reference: string, stage: string) =>
      get<WhyObject>(`${runPath(reference)}/why${toQuery({ stage })}`),
    /** A command object when the workflow had no verdict within 5 s. */
    cancelRun: (reference: string, force: boolean, key?: string) =>
      post<RunObject | CommandObject>(`${runPath(reference)}/cancel`, { force }, key),
    rerun: (reference: string, body: RerunRequest, key?: string) =>
      post<RunObject>(`${runPath(reference)}/rerun`, body, key),
    decide: (gateId: string, body: DecisionRequest, key?: string) =>
      post<GateObject | CommandObject>(`gates/${encode(gateId)}/decisions`, body, key),
    getCommand: (id: string) => get<CommandObject>(`commands/${encode(id)}`),
    /** Rows from a line on, or the last ones; at most 256 KiB of them. */
    readLog: async (
      reference: string,
      stage: string,
      attempt: number,
      query: { from: number; limit: number } | { tail: number },
    ): Promise<ClientLogRow[]> => {
      const path = `${logPath(reference, stage, attempt)}${toQuery(query)}`;
      return parseRows<ClientLogRow>(await readText(await transport.send({ method: 'GET', path })));
    },
    readLogIndex: (reference: string, stage: string, attempt: number) =>
      get<ClientLogIndex>(`${logPath(reference, stage, attempt)}/index`),
    /** The stored bytes from `from` on. */
    readRawLog: async (reference: string, stage: string, attempt: number, from = 0): Promise<Readable> =>
      transport.send({
        method: 'GET',
        path: `${logPath(reference, stage, attempt)}?format=raw`,
        ...(from > 0 ? { headers: { Range: `bytes=${from}-` } } : {}),
      }),
    /** Lines that hold `q` (any case), or match it as an RE2 pattern. At most 1,000 are listed, all are counted. */
    searchLog: async (
      reference: string,
      stage: string,
      attempt: number,
      query: { q: string; regex?: boolean; case?: boolean },
    ): Promise<{ hits: { n: number; t: number; text: string }[]; total: number; capped: boolean }> => {
      const flags = { q: query.q, regex: String(query.regex ?? false), case: String(query.case ?? false) };
      const path = `${logPath(reference, stage, attempt)}/search${toQuery(flags)}`;
      const rows = parseRows<{ n: number; t: number; text: string }>(
        await readText(await transport.send({ method: 'GET', path })),
      );
      const last = rows.pop() as unknown as { total: number; capped: boolean };
      return { hits: rows, ...last };
    },
    getHealth: () => get<Record<string, unknown>>('system/health'),
    /**
     * Follows topics (`run:ID@SEQ`, `log:ID/STAGE/ATTEMPT@LINE`). Resolves when the server or the signal ends the
     * stream, rejects when it is cut; `cursor` of the last event resumes it.
     */
    async stream(
      topics: readonly string[],
      onEvent: (event: StreamEvent, cursor: string) => void,
      signal: AbortSignal,
      cursor: string | null = null,
    ): Promise<void> {
      const path = `stream?${topics.map((topic) => `topic=${encode(topic)}`).join('&')}`;
      try {
        const answer = await transport.send({
          method: 'GET',
          path,
          signal,
          headers: { Accept: 'text/event-stream', ...(cursor ? { 'Last-Event-ID': cursor } : {}) },
        });
        answer.setTimeout(SILENCE_MS, () => answer.destroy(new Error('no sign of life for 40 s')));
        for await (const received of readEvents(readChunks(answer))) onEvent(received.event, received.cursor);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    close: () => transport.close(),
  };
}

function parseRows<Row>(text: string): Row[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));
}

function toQuery(query: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return given.length > 0 ? `?${given.join('&')}` : '';
}
