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

/**
 * All that a stream says, as fast as it is read and no faster: nothing is queued for a reader, whoever is slow reads
 * the newest states later. Ends when every topic has, when the process goes or the reader's rights are `lost` (`bye`), and
 * when `signal` aborts.
 */
export async function* generateEvents(
  context: ApiContext,
  reader: StreamReader,
  topics: readonly Topic[],
  options: { cursor: string | null; signal: AbortSignal; lost: AbortSignal },
): AsyncGenerator<Framed> {
  const resumed = readCursor(options.cursor ?? '');
  const sources = topics.map((topic) =>
    createSource(context, reader, { ...topic, position: resumed.get(digestName(topic.name)) ?? topic.position }),
  );
  const alarm = createAlarm([options.signal, options.lost, context.closing]);
  // Listening begins before the first look: what changes between the two rings.
  const unlisten = sources.flatMap(({ name, rings }) =>
    rings.map((ring) => context.hub.listen(ring, () => alarm.ring(name))),
  );
  const positions = new Map<string, number>();
  const frame = (event: StreamEvent | null): Framed => ({ event, cursor: writeCursor(positions) });
  try {
    const begun = await beginNew(sources);
    for (const { name, position } of sources) positions.set(name, position);
    yield frame({
      event: 'hello',
      serverTime: new Date().toISOString(),
      version: context.version,
      topics: topics.map((topic) => topic.name),
    });
    // From now on: what has changed since the place was found has rung.
    let due = new Set(sources.filter((source) => !begun.has(source)).map(({ name }) => name));
    while (!options.signal.aborted) {
      for (const source of sources) {
        if (!due.has(source.name) || source.isEnded || options.lost.aborted) continue;
        const reading = source.read();
        for (;;) {
          const step = await reading.next().catch(passIfAway);
          positions.set(source.name, source.position);
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
      if (options.lost.aborted) {
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
  }
}

/** Finds the places of those that begin from now on. Without the database the first look does. */
async function beginNew(sources: readonly TopicSource[]): Promise<Set<TopicSource>> {
  const begun = sources.map(async (source) => {
    if (!source.begin || source.position > 0) return [];
    return source.begin().then(() => [source], passIfAway);
  });
  return new Set((await Promise.all(begun)).flatMap((found) => found ?? []));
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

/** Names that rang since they were last waited for; signals ring without a name. */
function createAlarm(signals: readonly AbortSignal[]) {
  let rung = new Set<string>();
  let wake = () => {};
  const onAbort = () => wake();
  for (const signal of signals) signal.addEventListener('abort', onAbort);
  return {
    ring(name: string) {
      rung.add(name);
      wake();
    },
    async wait(limitMs: number): Promise<Set<string>> {
      if (rung.size === 0 && !signals.some((signal) => signal.aborted)) {
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        const timer = setTimeout(woken.resolve, limitMs);
        await woken.promise;
        clearTimeout(timer);
        wake = () => {};
      }
      const taken = rung;
      rung = new Set();
      return taken;
    },
    close() {
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    },
  };
}
