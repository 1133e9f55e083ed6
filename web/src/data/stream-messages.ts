import type { StreamEvent } from '#core/rest.ts';
import type { ConnectionState } from './stream-connection.ts';

/** What a tab tells the worker that holds the one stream of a browser. */
export type ToStream =
  /** Everything it follows from now on, with where it stands. */
  | { kind: 'follow'; positions: [topic: string, at: number][] }
  | { kind: 'hurry' }
  /** It holds this lock (Web Locks) until it is gone, however it goes: a port says nothing of the end of its tab. */
  | { kind: 'alive'; lock: string }
  /** It goes, and may come back with what it follows: browsers keep pages for the way back. */
  | { kind: 'close' };

/** What the worker tells its tabs. */
export type FromStream =
  | { kind: 'event'; event: StreamEvent }
  | { kind: 'state'; state: ConnectionState }
  /** For a tab that comes later: what the server's `hello` said. */
  | { kind: 'server'; aheadMs: number; version: string };
