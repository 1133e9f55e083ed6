import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { connectDocker } from './connect.ts';
import { createVolumeClaims } from './volume-claims.ts';

describeWith(['docker'], 'a claim', () => {
  const docker = connectDocker(process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock');
  const instance = `test-${randomUUID()}`;
  const createName = () => `bi-test-${randomUUID()}`;

  it.each([1, 2, 3, 4, 5])('is one worker’s of three that ask at once, try %i', async () => {
    const workers = [1, 2, 3].map(() => createVolumeClaims(docker, instance));
    const name = createName();
    const answers = await Promise.all(workers.map((claims) => claims.claim(name)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    await workers[answers.indexOf(true)]?.release(name);
  });

  it('is not the same worker’s twice, until it is released', async () => {
    const claims = createVolumeClaims(docker, instance);
    const name = createName();
    expect(await claims.claim(name)).toBe(true);
    expect(await claims.claim(name)).toBe(false);
    await claims.release(name);
    expect(await claims.claim(name)).toBe(true);
    await claims.release(name);
  });

  it('that is younger than who may have died over it is left alone', async () => {
    const [holder, other] = [createVolumeClaims(docker, instance), createVolumeClaims(docker, instance)];
    const name = createName();
    expect(await holder.claim(name)).toBe(true);
    await other.sweep();
    expect(await other.claim(name)).toBe(false);
    await holder.release(name);
  });
});
