import { createRequire } from 'node:module';
import type Docker from 'dockerode';
import { FaultError, NO_RETRY } from '#core/fault.ts';

const require = createRequire(import.meta.url);

/** Loaded with the first container: it costs 0.1 s, which is not to stand before a worker's first poll. */
function createClient(options: Docker.DockerOptions): Docker {
  const Client = require('dockerode') as typeof Docker;
  return new Client(options);
}

/**
 * A client for an endpoint as ENGINE 16 resolves it: `unix:///path`, `tcp://host:port`, `http(s)://…`, `ssh://…`.
 * Opens no connection yet. Throws `docker-endpoint-invalid`.
 */
export function connectDocker(endpoint: string): Docker {
  const unix = /^unix:\/\/(\/.*)$/.exec(endpoint);
  if (unix?.[1] !== undefined) return createClient({ socketPath: unix[1] });
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url?.protocol === 'tcp:' || url?.protocol === 'http:') {
    return createClient({ protocol: 'http', host: url.hostname, port: Number(url.port || 2375) });
  }
  if (url?.protocol === 'https:') {
    return createClient({ protocol: 'https', host: url.hostname, port: Number(url.port || 2376) });
  }
  if (url?.protocol === 'ssh:') {
    const user = url.username === '' ? {} : { username: url.username };
    return createClient({ protocol: 'ssh', host: url.hostname, port: Number(url.port || 22), ...user });
  }
  throw new FaultError({
    code: 'docker-endpoint-invalid',
    message: `"${endpoint}" is no Docker endpoint`,
    fix: 'set DOCKER_HOST to unix:///path, tcp://host:port or ssh://user@host',
    retry: NO_RETRY,
  });
}
