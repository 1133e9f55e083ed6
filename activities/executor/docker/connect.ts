import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import type Docker from 'dockerode';
import { FaultError, NO_RETRY } from '#core/fault.ts';

const require = createRequire(import.meta.url);

/** Loaded with the first container: it costs 0.1 s, which is not to stand before a worker's first poll. */
function createClient(options: Docker.DockerOptions & { agent?: Agent }): Docker {
  const Client = require('dockerode') as typeof Docker;
  return new Client(options);
}

/**
 * A client for an endpoint as ENGINE 16 resolves it: `unix:///path`, `tcp://host:port`, `http(s)://…`, `ssh://…`.
 * Opens no connection yet. Throws `docker-endpoint-invalid`.
 */
export function connectDocker(endpoint: string): Docker {
  return connect(endpoint, {});
}

/**
 * A client whose every call opens a connection of its own, where they are plain http: a daemon that leaves takes no new
 * ones, and serves those it has to the end.
 */
export function connectAnew(endpoint: string): Docker {
  return connect(endpoint, /^(unix|tcp|http):/.test(endpoint) ? { agent: new Agent({ keepAlive: false }) } : {});
}

function connect(endpoint: string, options: { agent?: Agent }): Docker {
  const unix = /^unix:\/\/(\/.*)$/.exec(endpoint);
  if (unix?.[1] !== undefined) return createClient({ socketPath: unix[1], ...options });
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url?.protocol === 'tcp:' || url?.protocol === 'http:') {
    return createClient({ protocol: 'http', host: url.hostname, port: Number(url.port || 2375), ...options });
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
