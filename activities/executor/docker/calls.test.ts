import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { followAttempt } from '../executor.contract.ts';
import { createSpec } from '../testing/attempt-spec.ts';
import { openDockerSubject } from './testing/docker-subject.ts';

/** What a stage asks of the daemon, whatever the machine (performance.md P108): a call takes it 5 to 90 ms. */
describeWith(['docker'], 'calls of the daemon', () => {
  test('a stage takes four to begin, three until its end is known, and three to be removed', async () => {
    const subject = await openDockerSubject();
    const { executor, host } = subject.openWorker();
    const calls = recordCalls(subject.settings.docker);
    const { source, image } = subject;
    const runId = randomUUID();
    const specs = ['first', 'second'].map((stage) => createSpec(['echo hi'], { runId, source, image, stage }));
    // As a run does: files of every first attempt are written while its box is made.
    await host.openRun({ runId, source, attempts: specs });
    for (const spec of specs) {
      calls.length = 0;
      const { exit } = await followAttempt(executor, await executor.start(spec));
      expect(exit.code).toBe(0);
      await executor.remove(spec);
    }
    const asked = calls.map((call) => call.replace(' /containers/ID', '').replace(' /containers', ''));
    await host.closeRun(runId);
    await subject.dispose();
    expect(asked).toEqual([
      ...['GET/json', 'POST/create', 'POST/attach', 'POST/start'],
      ...['GET/json', 'POST/wait', 'GET/json'],
      ...['GET/json', 'DELETE', 'DELETE /volumes/ID'],
    ]);
  });
});

/** Method and path of each call from now on; a name or an id is `ID`. */
function recordCalls(docker: Docker): string[] {
  const calls: string[] = [];
  const { modem } = docker;
  const dial = modem.dial.bind(modem);
  modem.dial = (options, callback) => {
    const path = String(options.path).replace(/\?.*/, '');
    calls.push(`${options.method} ${path.replace(/^(\/\w+\/)(?!create$|json$)[^/]+/, '$1ID')}`);
    dial(options, callback);
  };
  return calls;
}
