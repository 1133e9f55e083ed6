import { positionAfter, type ConnectionState, type openStream } from './stream-connection.ts';
import type { FromStream, ToStream } from './stream-messages.ts';

/** A tab as the one stream of its browser knows it. */
export type Tab = Pick<MessagePort, 'postMessage'>;

interface Deps {
  open: typeof openStream;
  /** Resolves when whoever holds the lock holds it no longer. */
  waitForLock(name: string): Promise<void>;
}

export interface StreamHub {
  add(tab: Tab): void;
  take(tab: Tab, message: ToStream): void;
}

/**
 * One stream for all tabs of a browser, which has six connections to a server at most. Each tab says what it follows;
 * the stream follows all of it, from where the tab that is furthest behind stands. What another has seen already is
 * dropped there; a tab that holds nothing (0) is told the object whole, which only a new connection does. A tab that is gone is forgotten, or its topics would be followed as long as any other is open.
 */
export function createHub({ open, waitForLock }: Deps): StreamHub {
  const tabs = new Map<Tab, Map<string, number>>();
  let state: ConnectionState = { kind: 'idle' };
  let server: Extract<FromStream, { kind: 'server' }> | null = null;

  const tell = (tab: Tab, message: FromStream) => tab.postMessage(message);
  const stream = open({
    onEvent(event) {
      if (event.event === 'hello') {
        server = { kind: 'server', aheadMs: Date.parse(event.serverTime) - Date.now(), version: event.version };
        for (const tab of tabs.keys()) tell(tab, server);
        return;
      }
      if (event.event === 'bye') return;
      const position = positionAfter(event);
      for (const [tab, positions] of tabs) {
        const at = positions.get(event.topic);
        if (at === undefined) continue;
        if (event.event === 'end') positions.delete(event.topic);
        else if (position !== null) positions.set(event.topic, Math.max(at, position));
        tell(tab, { kind: 'event', event });
      }
    },
    onState(next) {
      state = next;
      // The next one may be of another version.
      if (state.kind !== 'live') server = null;
      for (const tab of tabs.keys()) tell(tab, { kind: 'state', state });
    },
  });

  const follow = () => {
    const wanted = new Map<string, number>();
    for (const positions of tabs.values()) {
      for (const [topic, at] of positions) wanted.set(topic, Math.min(at, wanted.get(topic) ?? at));
    }
    stream.follow(wanted);
  };
  const add = (tab: Tab) => {
    tabs.set(tab, new Map());
    if (server) tell(tab, server);
    tell(tab, { kind: 'state', state });
  };
  const forget = (tab: Tab) => {
    if (tabs.delete(tab)) follow();
  };
  return {
    add,
    take(tab, message) {
      switch (message.kind) {
        case 'follow':
          // From the way back: meanwhile it was told nothing.
          if (!tabs.has(tab)) add(tab);
          tabs.set(tab, new Map(message.positions));
          return follow();
        case 'hurry':
          return stream.hurry();
        case 'alive':
          return void waitForLock(message.lock).then(() => forget(tab));
        case 'close':
          return forget(tab);
        default:
          return message satisfies never;
      }
    },
  };
}
