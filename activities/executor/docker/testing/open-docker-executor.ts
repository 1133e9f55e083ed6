import { busyboxImage } from '#test/env/image-names.ts';
import type { BenchOptions } from '../../../stage/testing/stage-bench.ts';
import { connectDocker } from '../connect.ts';
import { dockerExecutor } from '../executor.ts';
import { dockerHost } from '../host.ts';
import { createDockerRuns } from '../runs.ts';

/** Makes the workers of a bench ones over the daemon at `endpoint`; what they create carries `instance`. */
export function openDockerExecutor(endpoint: string, instance: string): BenchOptions['openExecutor'] {
  return ({ snapshots }) => {
    const settings = { docker: connectDocker(endpoint), endpoint, instance, image: busyboxImage };
    const runs = createDockerRuns(settings, (reference) => snapshots.load(reference));
    return { executor: dockerExecutor(settings, runs), host: dockerHost(settings, runs) };
  };
}
