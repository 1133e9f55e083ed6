import { spawn } from 'node:child_process';
import type { LaunchAnswer, LaunchRequest } from './spawner.ts';

/** Entry of the spawner (see spawner.ts). Ends when whoever started it does; what it has started goes on. */
const answer = (message: LaunchAnswer): void => {
  // Nobody may be left to hear it.
  process.send?.(message, undefined, undefined, () => undefined);
};

process.on('message', ({ id, args, env }: LaunchRequest) => {
  const fail = (error: Error): void => answer({ id, error: error.message });
  try {
    const child = spawn('/bin/sh', args, { cwd: '/', detached: true, stdio: 'ignore', env });
    child.once('spawn', () => answer({ id, error: null }));
    child.once('error', fail);
    child.unref();
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
  }
});
process.once('disconnect', () => process.exit(0));
