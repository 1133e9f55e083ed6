import { isIP } from 'node:net';

/** Whether only this machine reaches what listens on `host`. A name other than `localhost` may mean any address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  if (isIP(host) === 4) return host.startsWith('127.');
  return isIP(host) === 6 && /^(0*:)*:?0*1$/.test(host);
}

/** `host` as it stands in an address: IPv6 in brackets. */
export function writeHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
