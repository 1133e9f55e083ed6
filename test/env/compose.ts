import { spawnSync } from 'node:child_process';
import type { Readiness } from './readiness.ts';

/** The command of Docker Compose, the plugin or the older program; null where there is neither. */
export function locateCompose(): string[] | null {
  const commands = [['docker', 'compose'], ['docker-compose']];
  return commands.find(([program = '', ...more]) => spawnSync(program, [...more, 'version']).status === 0) ?? null;
}

/** Whether there is Docker Compose. */
export function findCompose(): Readiness {
  return locateCompose() ? { ready: true } : { ready: false, reason: 'there is no Docker Compose (docker-compose)' };
}
