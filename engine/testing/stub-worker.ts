/** Stands in for `temporal/main.ts` in the engine's tests; see `stub-api.ts`. */
import { connect } from 'node:net';

const [host, port] = (process.env['TEMPORAL_ADDRESS'] ?? '').split(':');
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

while (!(await isListening())) await new Promise((resolve) => setTimeout(resolve, 10));
process.send?.({ kind: 'ready', address: '' });
