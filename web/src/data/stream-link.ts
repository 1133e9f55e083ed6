import { trustScript } from '../app/trusted.ts';
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
  return { isShared: true, send: (message) => port.postMessage(message) };
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
      else stream.follow(new Map(message.positions));
    },
  };
}
