import { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { findAttempt, findStage, listAttempts } from '#db/queries/read-run.ts';
import type { AttemptRow } from '#db/rows.ts';
import type { LogIndex, LogKey } from '#store/log/port.ts';
import { loadPlan } from '../accept/commit-run.ts';
import type { ApiContext } from '../context.ts';
import { requireRun } from '../objects/load.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Call, type Route } from '../route.ts';
import { logIndexSchema } from '../schemas/run-parts.ts';
import { streamText } from '../text-stream.ts';
import { findBreak } from './broken-log.ts';
import { parseRange } from './byte-range.ts';
import { searchLogs, type SearchedLog } from './log-search.ts';

const count = z.coerce.number().check(z.int(), z.gte(1));
const logSchema = z.strictObject({
  from: z.optional(count),
  limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(10_000))),
  tail: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(10_000))),
  format: z.optional(z.enum(['ndjson', 'raw', 'text'])),
});
const flag = z.optional(z.enum(['true', 'false']));
const searchSchema = z.strictObject({ q: z.string().check(z.minLength(1), z.maxLength(500)), regex: flag, case: flag });

/** Fields of a row as the API shows it. */
const ROW_FIELDS = ['n', 't', 'text', 'byte', 'partial', 'cut', 'gap', 'bytes', 'fromAt', 'toAt', 'cause'];

const DEFAULT_LINES = 1_000;
const PATH = '/runs/:run/stages/:stage/attempts/:attempt/log';
const SERVICE_PATH = '/runs/:run/stages/:stage/attempts/:attempt/services/:service/log';
const LOG_ANSWERS = {
  200: 'application/x-ndjson, application/octet-stream, text/plain',
  206: 'application/octet-stream, text/plain',
} as const;
const access = { kind: 'object', object: 'run', param: 'run', action: 'run:read' } as const;
const tag = 'logs';

/** The log of an attempt: rows, bytes, index and search (UI §9). */
export function logRoutes(context: ApiContext): Route[] {
  const { logs } = context.stores;
  return [
    route({
      ...{ method: 'get', path: PATH, name: 'readLog', tag, access },
      summary: 'Reads lines of a log, or its bytes.',
      query: logSchema,
      answers: LOG_ANSWERS,
      async handle(call) {
        const range = call.request.req.header('range') ?? null;
        const { key, attempt } = await requireLog(call);
        return answerLog(context, key, attempt, call.query, range);
      },
    }),
    route({
      ...{ method: 'get', path: SERVICE_PATH, name: 'readServiceLog', tag, access },
      summary: 'Reads lines of the log of a service beside an attempt, or its bytes.',
      query: logSchema,
      answers: LOG_ANSWERS,
      async handle(call) {
        const { service } = call.params;
        const { key, attempt } = await requireLog(call);
        const { plan } = await call.data((scoped) => requireRun(scoped, call.params.run));
        const node = (await loadPlan(context, plan)).nodes.find((each) => each.name === key.stage);
        const isThere = node?.kind === 'stage' && node.services?.some((each) => each.name === service);
        if (!isThere) throw notFound(`service ${service} of ${key.stage}`);
        const range = call.request.req.header('range') ?? null;
        return answerLog(context, { ...key, service }, attempt, call.query, range);
      },
    }),
    route({
      ...{ method: 'get', path: `${PATH}/index`, name: 'readLogIndex', tag, access },
      summary: 'Answers how long a log is, and where its steps and gaps are.',
      answers: { 200: logIndexSchema },
      async handle(call) {
        const { key, attempt } = await requireLog(call);
        const index = await logs.index(key);
        const gap = findBreak(index, attempt);
        if (gap !== null) index.gaps = [...index.gaps, gap];
        return call.request.json(index, 200, cacheFor(index));
      },
    }),
    route({
      ...{ method: 'get', path: `${PATH}/search`, name: 'searchLog', tag, access },
      summary: 'Finds lines of a log by text or RE2 pattern.',
      query: searchSchema,
      answers: { 200: 'application/x-ndjson' },
      async handle(call) {
        return answerHits(context, [{ key: (await requireLog(call)).key }], call);
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/log-search', name: 'searchLogs', tag, access },
      summary: 'Finds lines in the logs of all stages of a run, each by its latest attempt.',
      query: searchSchema,
      answers: { 200: 'application/x-ndjson' },
      async handle(call) {
        const attempts = await call.data(async (scoped) =>
          listAttempts(scoped, (await requireRun(scoped, call.params.run)).id, null),
        );
        // Oldest first: of each stage the latest stays.
        const latest = new Map(attempts.map((row) => [row.stage, row]));
        const searched = [...latest.values()].map(({ runId, stage, attempt }): SearchedLog => {
          return { key: { runId, stage, attempt }, from: { stage, attempt } };
        });
        return answerHits(context, searched, call);
      },
    }),
  ];
}

async function answerLog(
  context: ApiContext,
  key: LogKey,
  attempt: AttemptRow,
  query: z.infer<typeof logSchema>,
  range: string | null,
): Promise<Response> {
  const { logs } = context.stores;
  const index = await logs.index(key);
  if (query.format === 'raw' || query.format === 'text') {
    const type = query.format === 'raw' ? 'application/octet-stream' : 'text/plain; charset=utf-8';
    return answerBytes(context, key, index, { type, range });
  }
  const limit = query.tail ?? query.limit ?? DEFAULT_LINES;
  const from = query.tail === undefined ? (query.from ?? 1) : Math.max(1, index.lines - query.tail + 1);
  const rows = await logs.readLines(key, from, limit);
  const gap = from + limit > index.lines ? findBreak(index, attempt) : null;
  if (gap !== null) rows.push({ gap });
  return new Response(rows.map((row) => `${JSON.stringify(row, ROW_FIELDS)}\n`).join(''), {
    headers: { 'Content-Type': 'application/x-ndjson', ...cacheFor(index) },
  });
}

async function answerHits(
  context: ApiContext,
  searched: readonly SearchedLog[],
  { query, request }: Pick<Call, 'request'> & { query: z.infer<typeof searchSchema> },
): Promise<Response> {
  const wanted = { text: query.q, isPattern: query.regex === 'true', isCaseSensitive: query.case === 'true' };
  const rows = await searchLogs(context.stores.logs, searched, wanted, { signal: request.req.raw.signal });
  return new Response(streamText(rows), {
    headers: { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' },
  });
}

async function requireLog(
  call: Pick<Call, 'data'> & { params: { run: string; stage: string; attempt: string } },
): Promise<{ key: LogKey; attempt: AttemptRow }> {
  const { stage, attempt: text } = call.params;
  const attempt = Number(text);
  if (!/^[1-9]\d{0,8}$/.test(text)) throw notFound(`attempt ${text}`);
  return call.data(async (scoped) => {
    const run = await requireRun(scoped, call.params.run);
    const key = { runId: run.id, stage, attempt };
    if (run.expiredAt !== null) {
      throw new ProblemError(404, 'log-expired', `the logs of ${run.label} expired on ${run.expiredAt.slice(0, 10)}`, {
        hint: 'how its stages ended stays: buildit runs show RUN',
      });
    }
    const known = await findAttempt(scoped, key);
    if (known) return { key, attempt: known };
    const row = await findStage(scoped, run.id, stage);
    if (!row) throw notFound(`stage ${stage} in ${run.label}`);
    if (!row.carriedFrom) throw notFound(`attempt ${attempt} of ${stage} in ${run.label}`);
    const detail = `${stage} did not run in ${run.label}: its result is from ${row.carriedFrom}`;
    throw new ProblemError(404, 'log-elsewhere', detail, { hint: `buildit logs ${row.carriedFrom} ${stage}` });
  });
}

/** Stored bytes as they are; what grows is answered as far as it goes. */
function answerBytes(
  context: ApiContext,
  key: LogKey,
  index: LogIndex,
  { type, range }: { type: string; range: string | null },
): Response {
  const part = parseRange(range, index.bytes);
  const headers = { 'Content-Type': type, 'Accept-Ranges': 'bytes', ...cacheFor(index) };
  if (part === 'unsatisfiable') {
    return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${index.bytes}` } });
  }
  const { from, to } = part ?? { from: 0, to: index.bytes };
  const bytes = Readable.from(context.stores.logs.readBytes(key, from, to), { objectMode: false });
  return new Response(Readable.toWeb(bytes) as ReadableStream, {
    status: part ? 206 : 200,
    headers: {
      ...headers,
      'Content-Length': String(to - from),
      ...(part ? { 'Content-Range': `bytes ${from}-${to - 1}/${index.bytes}` } : {}),
    },
  });
}

function cacheFor(index: LogIndex): Record<string, string> {
  return index.ended ? { 'Cache-Control': 'private, max-age=31536000, immutable' } : { 'Cache-Control': 'no-store' };
}
