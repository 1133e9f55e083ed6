import { Hono } from 'hono';
import { findRun } from '#db/queries/find-run.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { notFound, ProblemError } from '../problem.ts';
import { generateEvents, type Framed } from '../stream/generate.ts';
import { MAX_TOPICS, parseTopic } from '../stream/topic.ts';

/** A client that takes nothing for this long is let go. */
const BLOCKED_MS = 30_000;

/** `GET /stream`: what changes, as server-sent events (UI §9). */
export function streamRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  app.get('/stream', async (request) => {
    const { topic: names = [], cursor = [], ...others } = request.req.queries();
    const unknown = Object.keys(others);
    if (unknown.length > 0) throw new ProblemError(400, 'field-unknown', `unknown: ${unknown.join(', ')}`);
    if (names.length === 0 || names.length > MAX_TOPICS) {
      throw new ProblemError(400, 'topic-count', `a stream has 1 to ${MAX_TOPICS} topics`);
    }
    const topics = names.map(parseTopic);
    for (const runId of new Set(topics.map((topic) => topic.runId))) {
      if (!(await findRun(context.database, runId))) throw notFound(`run ${runId}`);
    }
    const gone = new AbortController();
    const events = generateEvents(context, topics, {
      // A browser reconnects with the old address and this header.
      cursor: request.req.header('last-event-id') ?? cursor[0] ?? null,
      signal: gone.signal,
    });
    return new Response(toByteStream(events, gone), {
      headers: {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      },
    });
  });
  return app;
}

function toByteStream(events: AsyncGenerator<Framed>, gone: AbortController): ReadableStream<Uint8Array> {
  let blocked: NodeJS.Timeout | undefined;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(blocked);
      const { value, done } = await events.next();
      if (done) {
        controller.close();
        return;
      }
      controller.enqueue(Buffer.from(writeFrame(value)));
      blocked = setTimeout(() => {
        gone.abort();
        controller.error(new Error('the client takes nothing'));
      }, BLOCKED_MS).unref();
    },
    cancel() {
      clearTimeout(blocked);
      gone.abort();
    },
  });
}

/** JSON has no line break of its own, so a field can hold no second one. */
function writeFrame({ event, cursor }: Framed): string {
  if (event === null) return ':\n\n';
  const { event: name, ...data } = event;
  return `id: ${cursor}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
