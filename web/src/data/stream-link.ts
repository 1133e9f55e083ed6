import { trustScript } from '../app/trusted.ts';
import { createKey } from './create-key.ts';
import { openStream } from './stream-connection.ts';
import type { FromStream, ToStream } from './stream-messages.ts';
import workerUrl from './stream-worker.ts?worker&url';

/** The way to a stream: that of the browser, or one of the tab's own. */
export interface StreamLink {
  send(message: ToStream): void;
  /** Tabs share it: one that nobody looks at may go on following. */
  isShared: boolean;
}

export function openLink(onMessage: (message: FromStream) => void): StreamLink {
  if (typeof SharedWorker === 'undefined') return openOwn(onMessage);
  const { port } = new SharedWorker(trustScript(workerUrl), { type: 'module', name: 'buildit-stream' });
  port.addEventListener('message', ({ data }: MessageEvent<FromStream>) => onMessage(data));
  port.start();
  const send = (message: ToStream) => port.postMessage(message);
  let release = holdLock(send);
  return {
    isShared: true,
    send(message) {
      if (message.kind === 'close') {
        release?.();
        release = null;
      } else release ??= holdLock(send);
      send(message);
    },
  };
}

/**
 * Holds a lock of this tab's own as long as it lives, and tells the worker which. A page that is not from a secure
 * context has none: there the worker knows of a tab's end what the tab itself says of it.
 */
function holdLock(send: (message: ToStream) => void): (() => void) | null {
  if (!('locks' in navigator)) return null;
  const lock = `buildit-tab-${createKey()}`;
  const held = Promise.withResolvers<void>();
  void navigator.locks.request(lock, () => {
    send({ kind: 'alive', lock });
    return held.promise;
  });
  return held.resolve;
}

function openOwn(onMessage: (message: FromStream) => void): StreamLink {
  const stream = openStream({
    onEvent(event) {
      if (event.event === 'hello') {
        const aheadMs = Date.parse(event.serverTime) - Date.now();
        onMessage({ kind: 'server', aheadMs, version: event.version });
      } else if (event.event !== 'bye') onMessage({ kind: 'event', event });
    },
    onState: (state) => onMessage({ kind: 'state', state }),
  });
  return {
    isShared: false,
    send(message) {
      if (message.kind === 'hurry') stream.hurry();
      if (message.kind === 'close') stream.close();
      if (message.kind === 'follow') stream.follow(new Map(message.positions));
    },
  };
}
