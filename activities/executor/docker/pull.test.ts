import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { handleName } from '#core/ids.ts';
import type { PullProgress } from '#core/image-pull.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { openRegistry, type TestRegistry } from '#test/env/registry.ts';
import { followAttempt } from '../executor.contract.ts';
import { createSpec } from '../testing/attempt-spec.ts';
import { openDockerSubject } from './testing/docker-subject.ts';

describeWith(['docker'], 'an image that is fetched', () => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await openRegistry('buildit-test/pulled');
  });
  afterAll(() => registry.close());

  it('is told about as it comes, to all who wait for it, and recorded by the digest of its registry', async () => {
    const subject = await openDockerSubject();
    const { executor, host } = subject.openWorker();
    const runId = randomUUID();
    await host.openRun({ runId, source: subject.source, attempts: [] });
    const told: PullProgress[][] = [[], []];
    const image = { ref: registry.ref, pull: 'missing' } as const;
    const starts = told.map((seen, index) => {
      const stage = `pulled${index}`;
      const spec = createSpec(['test -s /etc/salt'], { runId, stage, source: subject.source, image, env: {} });
      const name = handleName(runId, stage, 1);
      return executor.start({ ...spec, name, onPull: (progress) => seen.push(progress) });
    });
    const isHalf = ({ done, total }: PullProgress) => total === registry.bytes && done > 0 && done < total;
    await vi.waitUntil(() => told.every((seen) => seen.some(isHalf)), { timeout: 60_000 });
    registry.release();
    const handles = await Promise.all(starts);
    expect(handles.map((handle) => handle.image)).toEqual([registry.digest, registry.digest]);
    for (const seen of told) {
      expect(seen.at(-1)).toEqual({ ref: registry.ref, done: registry.bytes, total: registry.bytes });
      const done = seen.map((progress) => progress.done);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
    }
    for (const handle of handles) expect((await followAttempt(executor, handle)).exit.code).toBe(0);
    // What was fetched is there: nothing more is told.
    const again: PullProgress[] = [];
    const spec = createSpec(['true'], { runId, stage: 'again', source: subject.source, image, env: {} });
    await executor.start({ ...spec, onPull: (progress) => again.push(progress) });
    expect(again).toEqual([]);
    await host.closeRun(runId);
    await subject.settings.docker.getImage(registry.ref).remove({ force: true });
    await subject.dispose();
  });
});
