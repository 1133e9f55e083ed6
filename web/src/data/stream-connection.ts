import type { StreamEvent } from '#core/rest.ts';
import { addressOf } from './http.ts';
import { createStreamParser } from './stream-parser.ts';

/** Topics with where their reader stands: what is newer is sent. */
export type Positions = ReadonlyMap<string, number>;

export type ConnectionState =
  | { kind: 'idle' }
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** `tries` without success; the next after a while. */
  | { kind: 'lost'; tries: number };

interface Handlers {
  onEvent(event: StreamEvent): void;
  onState(state: ConnectionState): void;
}

export interface StreamConnection {
  /** Follows these from now on, over a new connection when one is missing; it comes from where its reader stands. */
  follow(positions: Positions): void;
  /** Connects anew at once: the network is back, and a connection from before may be dead without knowing it. */
  hurry(): void;
  /** Until something is to be followed again. */
  close(): void;
}

/** A server says something every 15 s. */
const LOST_AFTER_MS = 40_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
/** Pages that change topics do so several times in a row. */
const SETTLE_MS = 50;
/** What nobody follows any more may go on coming: the next page mostly follows something else in a moment. */
const LINGER_MS = 2_000;
/** A connection that is opened within this is not spoken of: it is no news that the topics have changed. */
const QUIET_MS = 1_000;

/** One connection to `GET /stream`, that comes back by itself until it is closed. */
export function openStream({ onEvent, onState }: Handlers): StreamConnection {
  let positions: Map<string, number> = new Map();
  let running: AbortController | null = null;
  let next: ReturnType<typeof setTimeout> | undefined;
  let slow: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;

  const tell = (state: ConnectionState) => {
    clearTimeout(slow);
    onState(state);
  };
  const stop = () => {
    clearTimeout(next);
    clearTimeout(slow);
    running?.abort();
    running = null;
  };
  const plan = (delayMs: number) => {
    stop();
    next = setTimeout(() => void connect(), delayMs);
  };
  const take = (event: StreamEvent) => {
    const position = positionAfter(event);
    // What lingers is followed no more.
    const at = 'topic' in event ? positions.get(event.topic) : undefined;
    if (position !== null && at !== undefined && 'topic' in event) positions.set(event.topic, Math.max(at, position));
    if (event.event === 'end') positions.delete(event.topic);
    onEvent(event);
  };
  const connect = async () => {
    if (positions.size === 0) return tell({ kind: 'idle' });
    const control = new AbortController();
    running = control;
    if (tries === 0) slow = setTimeout(() => tell({ kind: 'connecting' }), QUIET_MS);
    const end = await readStream(positions, control, {
      onEvent: take,
      onOpen: () => {
        tries = 0;
        tell({ kind: 'live' });
      },
    });
    if (running !== control) return undefined;
    running = null;
    switch (end.kind) {
      case 'bye':
        // All that was followed has ended.
        if (end.reason === 'ended') return tell({ kind: 'idle' });
        return plan(end.retryMs);
      case 'lost':
        tries += 1;
        tell({ kind: 'lost', tries });
        return plan(Math.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** tries));
      default:
        return end satisfies never;
    }
  };
  return {
    follow(wanted) {
      const isServed = ([topic, at]: [string, number]) => (positions.get(topic) ?? Number.POSITIVE_INFINITY) <= at;
      const hasAll = [...wanted].every(isServed);
      if (hasAll && positions.size === wanted.size) return;
      const isOpen = running !== null;
      positions = new Map(wanted);
      if (!hasAll || !isOpen) return plan(SETTLE_MS);
      clearTimeout(next);
      next = setTimeout(() => plan(0), LINGER_MS);
    },
    hurry() {
      if (positions.size > 0) plan(0);
    },
    close() {
      positions = new Map();
      stop();
    },
  };
}

/** Where a reader resumes that has seen the event; null where it says nothing about that. */
export function positionAfter(event: StreamEvent): number | null {
  switch (event.event) {
    case 'state':
      return event.seq;
    case 'log':
      // An unfinished line comes again.
      return event.from + event.lines.length - (event.partial ? 1 : 0);
    // It stands in front of a line that is still to come.
    case 'gap':
    case 'hello':
    case 'resync':
    case 'end':
    case 'bye':
      return null;
    default:
      return event satisfies never;
  }
}

type StreamEnd = { kind: 'lost' } | { kind: 'bye'; retryMs: number; reason: string };

async function readStream(
  positions: Positions,
  control: AbortController,
  on: { onEvent(event: StreamEvent): void; onOpen(): void },
): Promise<StreamEnd> {
  let bye: StreamEnd | null = null;
  let watchdog = setTimeout(() => control.abort(), LOST_AFTER_MS);
  try {
    const topic = [...positions].map(([name, at]) => (at > 0 ? `${name}@${at}` : name));
    const answer = await fetch(addressOf('stream', { topic }), { signal: control.signal, cache: 'no-store' });
    // Refused too: a session may be renewed, a run be there again; meanwhile the pages ask for themselves, and say why.
    if (!answer.ok || !answer.body) return { kind: 'lost' };
    on.onOpen();
    const parse = createStreamParser((event) => {
      if (event.event === 'bye') bye = { kind: 'bye', retryMs: event.retryMs, reason: event.reason };
      on.onEvent(event);
    });
    const reader = answer.body.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return bye ?? { kind: 'lost' };
      clearTimeout(watchdog);
      watchdog = setTimeout(() => control.abort(), LOST_AFTER_MS);
      parse(value);
    }
  } catch {
    return bye ?? { kind: 'lost' };
  } finally {
    clearTimeout(watchdog);
  }
}
