import type { Writable } from 'node:stream';
import * as z from 'zod/mini';
import { chooseWorkspace, requireAction, requireOperator } from '../access/authorize.ts';
import type { ApiContext } from '../context.ts';
import { requireRun } from '../objects/load.ts';
import { route, type Route } from '../route.ts';
import { generateEvents, type StreamEnd } from '../stream/generate.ts';
import { openReader } from '../stream/open-reader.ts';
import type { StreamReader } from '../stream/source.ts';
import { MAX_TOPICS, parseTopic, type Topic } from '../stream/topic.ts';
import { watchRights } from '../stream/watch-rights.ts';
import { writeEvents } from '../stream/write-events.ts';

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
        // A browser reconnects with the old address and this header.
        const cursor = request.req.header('last-event-id') ?? query.cursor ?? null;
        const reader = openReader(context.hub, { data, principal });
        const requestId = request.get('requestId');
        const report = (error: unknown) =>
          void process.stderr.write(`${requestId} a stream: ${error instanceof Error ? error.stack : String(error)}\n`);
        request.env.writeBody = (connection) => followTopics(context, { reader, topics, cursor, report }, connection);
        return new Response(null, {
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

interface FollowedTopics {
  reader: StreamReader;
  topics: readonly Topic[];
  cursor: string | null;
  report: (error: unknown) => void;
}

function followTopics(
  context: ApiContext,
  { reader, topics, cursor, report }: FollowedTopics,
  connection: Writable,
): void {
  const end: StreamEnd = { by: null, onChange() {} };
  const endBy = (by: 'bye' | 'silence') => {
    end.by = by;
    end.onChange();
  };
  const stop = watchRights(context, reader.principal, () => {
    endBy('bye');
    // Who takes nothing is not waited for.
    setTimeout(() => connection.destroy(), BYE_MS).unref();
  });
  const count = context.metrics.openStream();
  connection.once('close', () => {
    stop();
    count();
    endBy('silence');
  });
  const events = generateEvents(context, reader, topics, { cursor, end });
  void writeEvents(events, connection, report);
}
