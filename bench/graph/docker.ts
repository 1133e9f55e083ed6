import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import { runCommand } from '../harness/command.ts';
import { IMAGE, type Job } from './graph.ts';
import { takeTurns } from './turns.ts';

// Names begin with `perf-`, so that what a cut measurement leaves can be found (performance.md P110).
const nameContainer = () => `perf-${randomUUID()}`;
const scriptOf = (job: Job) => ['sh', '-ec', job.commands.join('\n')];

/** The jobs by `docker run --rm`, each after the one before or two at a time; ms, and until the first has a line. */
export async function runByCommand(jobs: readonly Job[], atOnce: number): Promise<{ ms: number; firstLineMs: number }> {
  let firstLineMs = Number.NaN;
  const ms = await timeTurns(jobs, atOnce, async (job) => {
    const args = ['run', '--rm', '--name', nameContainer(), IMAGE, ...scriptOf(job)];
    const finished = await runCommand('docker', args, { cwd: '/' });
    if (Number.isNaN(firstLineMs)) ({ firstLineMs } = finished);
  });
  return { ms, firstLineMs };
}

/** The jobs by create, start, wait and remove of the engine's API, in the network of a container that is there; ms. */
export function runByApi(docker: Docker, sandbox: Docker.Container, jobs: readonly Job[], atOnce: number) {
  return timeTurns(jobs, atOnce, async (job) => {
    const container = await docker.createContainer({
      ...{ name: nameContainer(), Image: IMAGE, Cmd: scriptOf(job) },
      HostConfig: { NetworkMode: `container:${sandbox.id}` },
    });
    await container.start();
    const ended = (await container.wait()) as { StatusCode: number };
    await container.remove();
    if (ended.StatusCode !== 0) throw new Error(`a container ended with ${ended.StatusCode}`);
  });
}

/** A container that sleeps, as the network of others. */
export async function openSandbox(docker: Docker): Promise<Docker.Container> {
  const container = await docker.createContainer({ name: nameContainer(), Image: IMAGE, Cmd: ['sleep', '86400'] });
  await container.start();
  return container;
}

async function timeTurns(jobs: readonly Job[], atOnce: number, run: (job: Job) => Promise<void>): Promise<number> {
  const begun = performance.now();
  await takeTurns(jobs, atOnce, run);
  return performance.now() - begun;
}
