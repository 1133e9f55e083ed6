import { randomUUID } from 'node:crypto';
import { busyboxImage } from '#test/env/image-names.ts';
import { type ContractSubject, packFiles, SOURCE_FILES } from '../../executor.contract.ts';
import { connectDocker } from '../connect.ts';
import { dockerExecutor, type DockerSettings } from '../executor.ts';
import { dockerHost } from '../host.ts';
import { INSTANCE_LABEL } from '../names.ts';
import { createDockerRuns } from '../runs.ts';

export const ENDPOINT = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';

/** Workers over the daemon of this machine, with an instance of their own. */
export async function openDockerSubject(): Promise<ContractSubject & { settings: DockerSettings }> {
  const docker = connectDocker(ENDPOINT);
  const instance = `test-${randomUUID()}`;
  const settings = { docker, endpoint: ENDPOINT, instance, image: busyboxImage };
  return {
    settings,
    openWorker() {
      const runs = createDockerRuns(settings, () => packFiles(SOURCE_FILES));
      return { executor: dockerExecutor(settings, runs), host: dockerHost(settings, runs) };
    },
    image: { ref: busyboxImage, pull: 'never' },
    imageDigest: async () => (await docker.getImage(busyboxImage).inspect()).Id,
    source: { kind: 'copy', snapshot: { digest: randomUUID().replaceAll('-', ''), files: 2, bytes: 20 } },
    env: {},
    async dispose() {
      const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`${INSTANCE_LABEL}=${instance}`] } });
      for (const { Name } of volumes ?? []) await docker.getVolume(Name).remove();
    },
  };
}
