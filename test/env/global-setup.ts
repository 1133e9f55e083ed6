import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { findChromium } from './chromium.ts';
import { findCompose } from './compose.ts';
import { prepareDocker } from './docker.ts';
import { findNestedDocker } from './nested-docker.ts';
import { offerPostgres } from './offer-postgres.ts';
import { locatePostgres15 } from './postgres.ts';
import type { Readiness } from './readiness.ts';
import { findSchemathesis } from './schemathesis.ts';
import { prepareTemporal } from './temporal.ts';

/**
 * Looks once, before any test file, at what this machine has, and says what tests will go without. Offers them the
 * Postgres that they share; the answer ends it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const report = (line: string): void => void process.stderr.write(`test environment: ${line}\n`);
  const [docker, temporal] = await Promise.all([prepareDocker(report), prepareTemporal(report)]);
  const environment = {
    docker,
    dockerd: findNestedDocker(),
    temporal,
    postgres15: findPostgres15(),
    schemathesis: findSchemathesis(),
    compose: findCompose(),
    chromium: findChromium(),
  };
  for (const [part, readiness] of Object.entries(environment)) {
    if (!readiness.ready) report(`without ${part}: ${readiness.reason}`);
  }
  project.provide('environment', environment);
  const postgres = await offerPostgres();
  project.provide('postgres', postgres.socket);
  return postgres.stop;
}

function findPostgres15(): Readiness {
  const program = locatePostgres15('postgres');
  return existsSync(program) ? { ready: true } : { ready: false, reason: `there is no ${program} (postgresql-15)` };
}
