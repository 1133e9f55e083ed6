import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readIdentity } from './process-identity.ts';
import { findLowestAfter } from './process-ids.ts';

describe.skipIf(process.platform !== 'linux')('ids of what began after a process', () => {
  it('may be any while nothing is known of the time before it', async () => {
    const first = await readIdentity('/proc/1/stat');
    const own = await readIdentity(`/proc/${process.pid}/stat`);
    if (own === null) throw new Error('a process that runs has a line in /proc');
    for (const identity of [own, { pid: 2, startedAt: null }, first ?? { pid: 1, startedAt: '0' }]) {
      expect(findLowestAfter(identity)).toBe(0);
    }
  });

  it('are above its own once a count was taken before it', async () => {
    const lookAtNewOne = async () => {
      const child = spawn('sleep', ['600']);
      const identity = await readIdentity(`/proc/${child.pid}/stat`);
      child.kill('SIGKILL');
      return identity !== null && findLowestAfter(identity) === identity.pid;
    };
    await expect.poll(lookAtNewOne).toBe(true);
  });
});
