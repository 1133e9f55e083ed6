import Docker from 'dockerode';
import { makeImages } from './images.ts';
import type { Readiness } from './readiness.ts';

/** Whether a Docker daemon answers at DOCKER_HOST or the usual socket and has the tests' images; makes them if not. */
export async function prepareDocker(report?: (line: string) => void): Promise<Readiness> {
  const docker = new Docker();
  try {
    await docker.ping();
  } catch (error) {
    return { ready: false, reason: `Docker does not answer (${describeError(error)})` };
  }
  try {
    await makeImages(docker, report);
  } catch (error) {
    return { ready: false, reason: `the test images cannot be made (${describeError(error)})` };
  }
  return { ready: true };
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
