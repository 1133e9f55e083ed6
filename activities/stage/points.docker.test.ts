import { randomUUID } from 'node:crypto';
import { describeWith } from '#test/env/describe-with.ts';
import { busyboxImage } from '#test/env/image-names.ts';
import { connectDocker } from '../executor/docker/connect.ts';
import { dockerExecutor } from '../executor/docker/executor.ts';
import { dockerHost } from '../executor/docker/host.ts';
import { createDockerRuns } from '../executor/docker/runs.ts';
import { testPoints } from './points.contract.ts';

const ENDPOINT = 'unix:///var/run/docker.sock';

describeWith(['docker'], 'docker', () => {
  const instance = `test-${randomUUID()}`;
  testPoints({
    kind: 'docker',
    image: busyboxImage,
    instance,
    dockerEndpoint: ENDPOINT,
    openExecutor({ snapshots }) {
      const settings = { docker: connectDocker(ENDPOINT), endpoint: ENDPOINT, instance, image: busyboxImage };
      const runs = createDockerRuns(settings, (reference) => snapshots.load(reference));
      return { executor: dockerExecutor(settings, runs), host: dockerHost(settings, runs) };
    },
  });
});
