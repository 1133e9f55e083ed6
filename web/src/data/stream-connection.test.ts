import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStream, type ConnectionState } from './stream-connection.ts';

/** A server that holds each stream open until it is told otherwise. */
function useServer() {
  const asked: string[] = [];
  let isSilent = false;
  const fetchStream = (address: string, { signal }: { signal: AbortSignal }) => {
    asked.push(decodeURIComponent(address.replace(/^[^?]*\?/, '')));
    if (isSilent) return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const body = new ReadableStream({
      start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)),
    });
    return Promise.resolve(new Response(body));
  };
  vi.stubGlobal('fetch', fetchStream);
  return { asked, fallSilent: () => (isSilent = true) };
}

describe('a stream whose topics change', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const open = () => {
    const states: ConnectionState['kind'][] = [];
    const stream = openStream({ onEvent() {}, onState: ({ kind }) => states.push(kind) });
    return { stream, states };
  };

  it('is live all the time, over a new connection for what is new alone', async () => {
    const { asked } = useServer();
    const { stream, states } = open();
    stream.follow(new Map([['run:a', 1]]));
    await vi.advanceTimersByTimeAsync(100);
    // A page goes, the next one comes a moment later.
    stream.follow(new Map());
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toEqual(['topic=run:a@1']);
    stream.follow(new Map([['run:b', 4]]));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toEqual(['topic=run:a@1', 'topic=run:b@4']);
    expect(new Set(states)).toEqual(new Set(['live']));
    stream.follow(new Map());
    await vi.advanceTimersByTimeAsync(5_000);
    expect(states.at(-1)).toBe('idle');
  });

  it('says that it connects when that takes long', async () => {
    const server = useServer();
    const { stream, states } = open();
    stream.follow(new Map([['run:a', 1]]));
    await vi.advanceTimersByTimeAsync(100);
    server.fallSilent();
    stream.follow(new Map([['run:b', 1]]));
    await vi.advanceTimersByTimeAsync(900);
    expect(states).toEqual(['live']);
    await vi.advanceTimersByTimeAsync(500);
    expect(states).toEqual(['live', 'connecting']);
    stream.close();
  });
});
