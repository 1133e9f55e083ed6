import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Docker listens (ENGINE 16): `unix:///var/run/docker.sock`, and what said so. */
export interface DockerEndpoint {
  endpoint: string;
  origin: string;
}

/**
 * DOCKER_HOST, else the current docker context, else /var/run/docker.sock, else
 * ~/.docker/run/docker.sock. When none of the sockets exists the first is answered, so
 * that the error names it.
 */
export function resolveDockerEndpoint(environment: Environment, home: string): DockerEndpoint {
  const host = environment['DOCKER_HOST'];
  if (host) return { endpoint: host, origin: 'DOCKER_HOST' };
  const context = findContext(environment, home);
  if (context) return context;
  const system = '/var/run/docker.sock';
  const own = join(home, '.docker', 'run', 'docker.sock');
  const path = !existsSync(system) && existsSync(own) ? own : system;
  return { endpoint: `unix://${path}`, origin: 'default socket' };
}

function findContext(environment: Environment, home: string): DockerEndpoint | null {
  const folder = environment['DOCKER_CONFIG'] || join(home, '.docker');
  const name = environment['DOCKER_CONTEXT'] || readCurrentContext(join(folder, 'config.json'));
  if (name === null || name === 'default') return null;
  const id = createHash('sha256').update(name).digest('hex');
  const endpoint = readContextHost(join(folder, 'contexts', 'meta', id, 'meta.json'));
  if (endpoint !== null) return { endpoint, origin: `docker context ${name}` };
  throw new CommandError(EXIT.notReady, {
    code: 'docker-context-unknown',
    message: `the current docker context "${name}" has no endpoint`,
    fix: 'docker context ls shows what there is; docker context use default goes back to the default',
  });
}

function readCurrentContext(path: string): string | null {
  const config = readJson(path);
  return isRecord(config) && typeof config['currentContext'] === 'string' ? config['currentContext'] || null : null;
}

function readContextHost(path: string): string | null {
  const meta = readJson(path);
  if (!isRecord(meta) || !isRecord(meta['Endpoints'])) return null;
  const docker = meta['Endpoints']['docker'];
  return isRecord(docker) && typeof docker['Host'] === 'string' ? docker['Host'] || null : null;
}

/** Absent or broken is the same as unset: the docker command's own file is not ours to judge. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
