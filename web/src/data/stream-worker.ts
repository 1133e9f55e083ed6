import { openStream, positionAfter, type ConnectionState } from './stream-connection.ts';
import type { FromStream, ToStream } from './stream-messages.ts';

/**
 * One stream for all tabs of a browser, which has six connections to a server at most. Each tab says what it follows;
 * the stream follows all of it, from where the tab that is furthest behind stands. What another has seen already is
 * dropped there.
 */
const tabs = new Map<MessagePort, Map<string, number>>();
let state: ConnectionState = { kind: 'idle' };
let server: Extract<FromStream, { kind: 'server' }> | null = null;

const tell = (port: MessagePort, message: FromStream) => port.postMessage(message);

const stream = openStream({
  onEvent(event) {
    if (event.event === 'hello') {
      server = { kind: 'server', aheadMs: Date.parse(event.serverTime) - Date.now(), version: event.version };
      for (const port of tabs.keys()) tell(port, server);
      return;
    }
    if (event.event === 'bye') return;
    const position = positionAfter(event);
    for (const [port, positions] of tabs) {
      const at = positions.get(event.topic);
      if (at === undefined) continue;
      if (event.event === 'end') positions.delete(event.topic);
      else if (position !== null) positions.set(event.topic, Math.max(at, position));
      tell(port, { kind: 'event', event });
    }
  },
  onState(next) {
    state = next;
    // The next one may be of another version.
    if (state.kind !== 'live') server = null;
    for (const port of tabs.keys()) tell(port, { kind: 'state', state });
  },
});

function follow(): void {
  const wanted = new Map<string, number>();
  for (const positions of tabs.values()) {
    for (const [topic, at] of positions) wanted.set(topic, Math.min(at, wanted.get(topic) ?? at));
  }
  stream.follow(wanted);
}

function connect(port: MessagePort): void {
  tabs.set(port, new Map());
  if (server) tell(port, server);
  tell(port, { kind: 'state', state });
  port.addEventListener('message', ({ data }: MessageEvent<ToStream>) => {
    if (data.kind === 'hurry') return stream.hurry();
    tabs.set(port, new Map(data.positions));
    return follow();
  });
  port.start();
}

// TypeScript's library of shared workers cannot be had beside that of pages.
const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void };
scope.onconnect = ({ ports }) => {
  for (const port of ports) connect(port);
};
