import type { StreamEvent } from '#core/rest.ts';
import { isAway } from '#db/away.ts';
import type { ApiContext } from '../context.ts';
import { createPipelinesSource, createRunsSource } from './list-readers.ts';
import { createLogSource } from './log-source.ts';
import { createRunSource } from './run-source.ts';
import { createHealthSource, createInboxSource } from './snapshot-readers.ts';
import type { StreamReader, TopicSource } from './source.ts';
import { digestName, readCursor, writeCursor, type Topic } from './topic.ts';

/** `event` null is a sign of life. `cursor` is where a reader resumes that has seen everything up to here. */
export interface Framed {
  event: StreamEvent | null;
  cursor: string;
}

const SILENCE_MS = 15_000;
/** Before a source is read again that could not be, ms. */
const AWAY_MS = 300;

/** How a stream is ended from outside: to `bye` who has lost a right is told so, `silence` is for who has gone. */
export interface StreamEnd {
  by: 'bye' | 'silence' | null;
  /** Called after each change. */
  onChange(): void;
}

/**
 * All that a stream says, as fast as it is read and no faster: nothing is queued for a reader, whoever is slow reads
 * the newest states later. Ends when every topic has, when the process goes, and by `end`.
 */
export async function* generateEvents(
  context: ApiContext,
  reader: StreamReader,
  topics: readonly Topic[],
  { cursor, end }: { cursor: string | null; end: StreamEnd },
): AsyncGenerator<Framed> {
  const sources = openSources(context, reader, topics, cursor);
  const alarm = createAlarm(() => end.by !== null || context.closing.aborted);
  end.onChange = alarm.wake;
  context.closing.addEventListener('abort', alarm.wake);
  // Listening begins before the first look: what changes between the two rings.
  const unlisten = sources.flatMap(({ name, rings }) =>
    rings.map((ring) => context.hub.listen(ring, () => alarm.ring(name))),
  );
  const frame = (event: StreamEvent | null): Framed => ({ event, cursor: writeCursor(sources) });
  try {
    let due: ReadonlySet<string> = await beginNew(sources);
    yield frame({
      event: 'hello',
      serverTime: new Date().toISOString(),
      version: context.version,
      topics: topics.map((topic) => topic.name),
    });
    while (end.by !== 'silence') {
      for (const source of sources) {
        if (!due.has(source.name) || source.isEnded || end.by !== null) continue;
        const reading = source.read();
        for (;;) {
          const step = await reading.next().catch(passIfAway);
          if (step === null) {
            // The database is away: a reader need not know, it gets what it missed.
            setTimeout(() => alarm.ring(source.name), AWAY_MS).unref();
            break;
          }
          if (step.done) {
            const { isMore, againMs } = step.value;
            if (isMore) alarm.ring(source.name);
            else if (againMs !== undefined) setTimeout(() => alarm.ring(source.name), againMs).unref();
            break;
          }
          yield frame(step.value);
        }
      }
      if (end.by === 'bye') {
        yield frame({ event: 'bye', retryMs: 0, reason: 'rights' });
        return;
      }
      if (context.closing.aborted) {
        yield frame({ event: 'bye', retryMs: 200, reason: 'restart' });
        return;
      }
      if (sources.every((source) => source.isEnded)) {
        yield frame({ event: 'bye', retryMs: 0, reason: 'ended' });
        return;
      }
      due = await alarm.wait(SILENCE_MS);
      if (due.size > 0) continue;
      // Nothing moved, or the word of it was lost: look at everything now and then.
      due = new Set(sources.map((source) => source.name));
      yield frame(null);
    }
  } finally {
    for (const stop of unlisten) stop();
    alarm.close();
    context.closing.removeEventListener('abort', alarm.wake);
  }
}

function openSources(
  context: ApiContext,
  reader: StreamReader,
  topics: readonly Topic[],
  cursor: string | null,
): (TopicSource & { digest: string })[] {
  const resumed = readCursor(cursor ?? '');
  return topics.map((topic) => {
    const digest = digestName(topic.name);
    const source = createSource(context, reader, { ...topic, position: resumed.get(digest) ?? topic.position });
    return Object.assign(source, { digest });
  });
}

/**
 * Finds the places of those that begin from now on: what changes after that rings. Answers the names of the others, and of
 * those whose place could not be found without the database: their first look does.
 */
async function beginNew(sources: readonly TopicSource[]): Promise<Set<string>> {
  const due = sources.map(async (source) => {
    if (!source.begin || source.position > 0) return [source.name];
    return source.begin().then(
      () => [],
      (error: unknown) => passIfAway(error) ?? [source.name],
    );
  });
  return new Set((await Promise.all(due)).flat());
}

function passIfAway(error: unknown): null {
  if (isAway(error)) return null;
  throw error;
}

function createSource(context: ApiContext, reader: StreamReader, topic: Topic): TopicSource {
  switch (topic.kind) {
    case 'run':
      return createRunSource(reader, topic);
    case 'log':
      return createLogSource(context, reader, topic);
    case 'runs':
      return createRunsSource(reader, topic);
    case 'pipelines':
      return createPipelinesSource(context, reader, topic);
    case 'inbox':
      return createInboxSource(context, reader, topic);
    case 'health':
      return createHealthSource(context, topic);
    default:
      return topic satisfies never;
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/** Names that rang since they were last waited for. `hasMore`: there is something else to look at. */
function createAlarm(hasMore: () => boolean) {
  let rung: Set<string> | null = null;
  let resolve: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;
  const wake = () => resolve?.();
  return {
    wake,
    ring(name: string) {
      rung = (rung ?? new Set()).add(name);
      wake();
    },
    async wait(limitMs: number): Promise<ReadonlySet<string>> {
      if (rung === null && !hasMore()) {
        const woken = Promise.withResolvers<void>();
        ({ resolve } = woken);
        // One for as long as it lives: a new one for each event would be garbage of thousands of streams.
        timer = timer?.refresh() ?? setTimeout(wake, limitMs);
        await woken.promise;
        resolve = null;
      }
      const taken = rung ?? NOTHING;
      rung = null;
      return taken;
    },
    close: () => clearTimeout(timer ?? undefined),
  };
}
