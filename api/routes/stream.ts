import * as z from 'zod/mini';
import { chooseWorkspace, requireAction, requireOperator } from '../access/authorize.ts';
import type { ApiContext } from '../context.ts';
import { requireRun } from '../objects/load.ts';
import { route, type Route } from '../route.ts';
import { writeFrame } from '../stream/frame.ts';
import { generateEvents, type Framed } from '../stream/generate.ts';
import { openReader } from '../stream/open-reader.ts';
import { MAX_TOPICS, parseTopic } from '../stream/topic.ts';
import { watchRights } from '../stream/watch-rights.ts';

/** A client that takes nothing for this long is let go. */
const BLOCKED_MS = 30_000;

/** How long a client whose rights are lost has to take the last event. */
const BYE_MS = 2_000;

/** `GET /stream`: what changes, as server-sent events (UI §9). */
export function streamRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/stream', name: 'stream', tag: 'stream' },
      access: { kind: 'signed-in', action: 'run:read' },
      summary: 'Streams what changes, as server-sent events.',
      query: z.strictObject({
        topic: z.array(z.string()).check(z.minLength(1), z.maxLength(MAX_TOPICS)),
        cursor: z.optional(z.string()),
      }),
      answers: { 200: 'text/event-stream' },
      async handle({ request, query, data, principal }) {
        const topics = query.topic.map(parseTopic);
        for (const topic of topics) {
          if ('workspace' in topic) requireAction(principal, 'run:read', chooseWorkspace(principal, topic.workspace));
          if (topic.kind === 'health') requireOperator(principal);
        }
        await data(async (scoped) => {
          const runIds = topics.flatMap((topic) => ('runId' in topic ? [topic.runId] : []));
          for (const runId of new Set(runIds)) await requireRun(scoped, runId);
        });
        const gone = new AbortController();
        const lost = new AbortController();
        const events = generateEvents(context, openReader(context.hub, { data, principal }), topics, {
          // A browser reconnects with the old address and this header.
          cursor: request.req.header('last-event-id') ?? query.cursor ?? null,
          signal: gone.signal,
          lost: lost.signal,
        });
        const stop = watchRights(context, principal, () => {
          lost.abort();
          // Who takes nothing is not waited for.
          setTimeout(() => gone.abort(), BYE_MS).unref();
        });
        gone.signal.addEventListener('abort', stop, { once: true });
        gone.signal.addEventListener('abort', context.metrics.openStream(), { once: true });
        return new Response(toByteStream(events, gone), {
          headers: {
            'Content-Type': 'text/event-stream',
            'Cache-Control': 'no-store, no-transform',
            'X-Accel-Buffering': 'no',
          },
        });
      },
    }),
  ];
}

function toByteStream(events: AsyncGenerator<Framed>, gone: AbortController): ReadableStream<Uint8Array> {
  let blocked: NodeJS.Timeout | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      gone.signal.addEventListener('abort', () => controller.error(new Error('the stream was ended')), { once: true });
    },
    async pull(controller) {
      clearTimeout(blocked);
      const { value, done } = await events.next();
      if (gone.signal.aborted) return;
      if (done) {
        controller.close();
        gone.abort();
        return;
      }
      controller.enqueue(writeFrame(value));
      blocked = setTimeout(() => gone.abort(), BLOCKED_MS).unref();
    },
    cancel() {
      clearTimeout(blocked);
      gone.abort();
    },
  });
}
