import Docker from 'dockerode';
import { FaultError, NO_RETRY } from '#core/fault.ts';

/**
 * A client for an endpoint as ENGINE 16 resolves it: `unix:///path`, `tcp://host:port`, `http(s)://…`, `ssh://…`.
 * Opens no connection yet. Throws `docker-endpoint-invalid`.
 */
export function connectDocker(endpoint: string): Docker {
  const unix = /^unix:\/\/(\/.*)$/.exec(endpoint);
  if (unix?.[1] !== undefined) return new Docker({ socketPath: unix[1] });
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url?.protocol === 'tcp:' || url?.protocol === 'http:') {
    return new Docker({ protocol: 'http', host: url.hostname, port: Number(url.port || 2375) });
  }
  if (url?.protocol === 'https:') {
    return new Docker({ protocol: 'https', host: url.hostname, port: Number(url.port || 2376) });
  }
  if (url?.protocol === 'ssh:') {
    const user = url.username === '' ? {} : { username: url.username };
    return new Docker({ protocol: 'ssh', host: url.hostname, port: Number(url.port || 22), ...user });
  }
  throw new FaultError({
    code: 'docker-endpoint-invalid',
    message: `"${endpoint}" is no Docker endpoint`,
    fix: 'set DOCKER_HOST to unix:///path, tcp://host:port or ssh://user@host',
    retry: NO_RETRY,
  });
}
