import { randomUUID } from 'node:crypto';
import { describeWith } from '#test/env/describe-with.ts';
import { busyboxImage } from '#test/env/image-names.ts';
import { openDockerExecutor } from '../executor/docker/testing/open-docker-executor.ts';
import { testPoints } from './points.contract.ts';

const ENDPOINT = 'unix:///var/run/docker.sock';

describeWith(['docker'], 'docker', () => {
  const instance = `test-${randomUUID()}`;
  testPoints({
    kind: 'docker',
    image: busyboxImage,
    instance,
    dockerEndpoint: ENDPOINT,
    openExecutor: openDockerExecutor(ENDPOINT, instance),
  });
});
