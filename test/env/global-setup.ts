import type { TestProject } from 'vitest/node';
import { prepareDocker } from './docker.ts';
import { prepareTemporal } from './temporal.ts';

/** Looks once, before any test file, at what this machine has, and says what tests will go without. */
export default async function setup(project: TestProject): Promise<void> {
  const report = (line: string): void => void process.stderr.write(`test environment: ${line}\n`);
  const [docker, temporal] = await Promise.all([prepareDocker(report), prepareTemporal(report)]);
  const environment = { docker, temporal };
  for (const [part, readiness] of Object.entries(environment)) {
    if (!readiness.ready) report(`without ${part}: ${readiness.reason}`);
  }
  project.provide('environment', environment);
}
