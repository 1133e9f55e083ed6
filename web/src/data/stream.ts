import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { StreamEvent } from '#core/rest.ts';
import { serverNow, setServerAhead } from '../ui/moment.tsx';
import { positionAfter, type ConnectionState } from './stream-connection.ts';
import { openLink } from './stream-link.ts';

/** An event of one topic. */
export type TopicEvent = Extract<StreamEvent, { topic: string }>;

interface Follower {
  topic: string;
  position: number;
  /** Nothing more comes. */
  isEnded: boolean;
  onEvents(events: readonly TopicEvent[]): void;
}

/** How fresh what the pages show is. */
export type Connection = ConnectionState & {
  /** When the last event or sign of a connection was, server time in ms; null before the first. */
  dataFrom: number | null;
  isOnline: boolean;
  /** The server has been replaced by another version since the page was loaded. */
  isOutdated: boolean;
};

/** After so many failures the pages ask for themselves. */
export const POLL_AFTER_TRIES = 3;

const followers = new Set<Follower>();
const listeners = new Set<() => void>();
let connection: Connection = { kind: 'idle', dataFrom: null, isOnline: navigator.onLine, isOutdated: false };
let version: string | null = null;
let queue: TopicEvent[] = [];

function change(next: Partial<Connection>): void {
  connection = { ...connection, ...next } as Connection;
  for (const listener of listeners) listener();
}

const link = openLink((message) => {
  switch (message.kind) {
    case 'event': {
      const { event } = message;
      if (!('topic' in event)) return;
      advance(event);
      if (queue.length === 0) scheduleFlush();
      queue.push(event);
      return;
    }
    case 'state': {
      const { state } = message;
      // What was live until now is as old as the moment it was lost.
      const isFresh = state.kind === 'live' || connection.kind === 'live';
      change({ ...state, dataFrom: isFresh ? serverNow() : connection.dataFrom });
      return;
    }
    case 'server':
      setServerAhead(message.aheadMs);
      change({ isOutdated: version !== null && version !== message.version });
      version ??= message.version;
      return;
    default:
      message satisfies never;
  }
});

/** What is queued counts as seen: it is handed on before anything else is. */
function advance(event: TopicEvent): void {
  const position = positionAfter(event);
  for (const follower of followers) {
    if (follower.topic !== event.topic) continue;
    if (position !== null) follower.position = Math.max(follower.position, position);
    if (event.event === 'end') follower.isEnded = true;
  }
}

/** All events of a frame in one go, so that the page is drawn once; a hidden page has no frames. */
function scheduleFlush(): void {
  if (document.visibilityState === 'visible') requestAnimationFrame(flush);
  else queueMicrotask(flush);
}

function flush(): void {
  const events = queue;
  queue = [];
  const byTopic = Map.groupBy(events, ({ topic }) => topic);
  for (const follower of followers) {
    const mine = byTopic.get(follower.topic);
    if (mine) follower.onEvents(mine);
  }
}

/** Between `pagehide` and the way back the page follows nothing. */
let hasLeft = false;

function refresh(): void {
  if (hasLeft) return;
  const wanted = new Map<string, number>();
  for (const { topic, position, isEnded } of isFollowing() ? followers : []) {
    if (!isEnded) wanted.set(topic, Math.min(position, wanted.get(topic) ?? position));
  }
  link.send({ kind: 'follow', positions: [...wanted] });
}

/** A tab with a stream of its own holds none while nobody looks at it: a browser gives six connections to a server. */
function isFollowing(): boolean {
  return link.isShared || document.visibilityState === 'visible';
}

document.addEventListener('visibilitychange', () => {
  refresh();
  if (document.visibilityState === 'visible') hurryStream();
});
// It may come back: the browser keeps pages for the way back.
window.addEventListener('pagehide', () => {
  hasLeft = true;
  link.send({ kind: 'close' });
});
window.addEventListener('pageshow', () => {
  hasLeft = false;
  refresh();
});
window.addEventListener('online', () => {
  change({ isOnline: true });
  link.send({ kind: 'hurry' });
});
window.addEventListener('offline', () => change({ isOnline: false }));

/** The server has just answered something else: a lost stream need not wait for its next try. */
export function hurryStream(): void {
  if (connection.kind === 'lost') link.send({ kind: 'hurry' });
}

/** Where others of this tab stand who follow the topic: what they were told is in what all of them show. */
function findPosition(topic: string): number {
  const others = [...followers].filter((one) => one.topic === topic);
  return Math.max(0, ...others.map(({ position }) => position));
}

/**
 * Follows a topic while the component is there. `position` is the `seq` of the snapshot that is shown (of a log the next
 * line wanted; 0 of an object that is told whole): what is newer is told, nothing is lost between the two. Events come at most once a frame; one may come
 * again, so whoever applies them drops what is not newer. Null follows nothing.
 */
export function useTopic(
  topic: string | null,
  position: number | undefined,
  onEvents: (events: readonly TopicEvent[]) => void,
): void {
  const handler = useRef(onEvents);
  handler.current = onEvents;
  const isKnown = position !== undefined;
  const from = useRef(position);
  from.current = position;
  useEffect(() => {
    if (topic === null || !isKnown) return undefined;
    const follower: Follower = {
      ...{ topic, position: from.current || findPosition(topic), isEnded: false },
      onEvents: (events) => handler.current(events),
    };
    followers.add(follower);
    refresh();
    return () => {
      followers.delete(follower);
      refresh();
    };
  }, [topic, isKnown]);
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );
}
