import { Readable } from 'node:stream';
import { Hono, type Context } from 'hono';
import * as z from 'zod/mini';
import { findAttempt, findStage } from '#db/queries/read-run.ts';
import type { LogIndex, LogKey } from '#store/log/port.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { requireRun } from '../objects/load.ts';
import { notFound, ProblemError } from '../problem.ts';
import { readQuery } from '../request-body.ts';
import { parseRange } from './byte-range.ts';
import { searchLog } from './log-search.ts';

const count = z.coerce.number().check(z.int(), z.gte(1));
const logSchema = z.strictObject({
  from: z.optional(count),
  limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(10_000))),
  tail: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(10_000))),
  format: z.optional(z.enum(['ndjson', 'raw'])),
});
const flag = z.optional(z.enum(['true', 'false']));
const searchSchema = z.strictObject({ q: z.string().check(z.minLength(1)), regex: flag, case: flag });

/** Fields of a row as the API shows it. */
const ROW_FIELDS = ['n', 't', 'text', 'partial', 'cut', 'gap', 'bytes', 'fromAt', 'toAt', 'cause'];

const DEFAULT_LINES = 1_000;
const PATH = '/runs/:run/stages/:stage/attempts/:attempt/log';

/** The log of an attempt: rows, bytes, index and search (UI §9). */
export function logRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  const { logs } = context.stores;

  app.get(PATH, async (request) => {
    const query = readQuery(request, logSchema);
    const key = await requireLog(context, request);
    const index = await logs.index(key);
    if (query.format === 'raw') return answerBytes(context, key, index, request.req.header('range') ?? null);
    const limit = query.tail ?? query.limit ?? DEFAULT_LINES;
    const from = query.tail === undefined ? (query.from ?? 1) : Math.max(1, index.lines - query.tail + 1);
    const rows = await logs.readLines(key, from, limit);
    return new Response(rows.map((row) => `${JSON.stringify(row, ROW_FIELDS)}\n`).join(''), {
      headers: { 'Content-Type': 'application/x-ndjson', ...cacheFor(index) },
    });
  });

  app.get(`${PATH}/index`, async (request) => {
    readQuery(request, z.strictObject({}));
    const index = await logs.index(await requireLog(context, request));
    return request.json(index, 200, cacheFor(index));
  });

  app.get(`${PATH}/search`, async (request) => {
    const query = readQuery(request, searchSchema);
    const key = await requireLog(context, request);
    const hits = await searchLog(logs, key, {
      text: query.q,
      isPattern: query.regex === 'true',
      isCaseSensitive: query.case === 'true',
    });
    return new Response(ReadableStream.from(hits).pipeThrough(new TextEncoderStream()), {
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
  });

  return app;
}

async function requireLog(context: ApiContext, request: Context<ApiEnvironment>): Promise<LogKey> {
  const { run: reference = '', stage = '', attempt: text = '' } = request.req.param() as Record<string, string>;
  const run = await requireRun(context.database, reference);
  const attempt = Number(text);
  if (!Number.isSafeInteger(attempt) || attempt < 1) throw notFound(`attempt ${text}`);
  const key = { runId: run.id, stage, attempt };
  if (await findAttempt(context.database, key)) return key;
  const row = await findStage(context.database, run.id, stage);
  if (!row) throw notFound(`stage ${stage} in ${run.label}`);
  if (row.carriedFrom) {
    throw new ProblemError(
      404,
      'log-elsewhere',
      `${stage} did not run in ${run.label}: its result is from ${row.carriedFrom}`,
      {
        hint: `buildit logs ${row.carriedFrom} ${stage}`,
      },
    );
  }
  throw notFound(`attempt ${attempt} of ${stage} in ${run.label}`);
}

/** Stored bytes as they are; what grows is answered as far as it goes. */
function answerBytes(context: ApiContext, key: LogKey, index: LogIndex, range: string | null): Response {
  const part = parseRange(range, index.bytes);
  const headers = { 'Content-Type': 'application/octet-stream', 'Accept-Ranges': 'bytes', ...cacheFor(index) };
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
