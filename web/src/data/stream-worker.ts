import { openStream } from './stream-connection.ts';
import { createHub } from './stream-hub.ts';
import type { ToStream } from './stream-messages.ts';

/** The shared worker: ports of tabs around the one stream. */
const hub = createHub({
  open: openStream,
  waitForLock: (name) => navigator.locks.request(name, () => {}),
});

function connect(port: MessagePort): void {
  hub.add(port);
  port.addEventListener('message', ({ data }: MessageEvent<ToStream>) => hub.take(port, data));
  port.start();
}

// TypeScript's library of shared workers cannot be had beside that of pages.
const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void };
scope.onconnect = ({ ports }) => {
  for (const port of ports) connect(port);
};
