/** Stands in for `temporal/main.ts` in the engine's tests; see `stub-api.ts`. */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '#config/system/load.ts';

const [host, port] = loadSettings().temporal.address.split(':');
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

function isListening(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host ?? '', port: Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

while (!(await isListening())) await pause(10);
process.send?.({ kind: 'ready', address: '' });
