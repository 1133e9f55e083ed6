import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Finds who sent a request: see {@link trustProxies}. */
export type FindAddress = (incoming: IncomingMessage) => string;

/**
 * The address of a client behind trusted proxies: of `X-Forwarded-For` the last entry that is no trusted proxy itself,
 * since whoever connects may write the ones before it. From anybody else the header says nothing.
 *
 * @param networks addresses and networks (`10.0.0.0/8`); none: the address of the connection counts
 */
export function trustProxies(networks: readonly string[]): FindAddress {
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string): boolean => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (incoming) => {
    let address = plainAddress(incoming.socket.remoteAddress ?? '');
    const header = incoming.headers['x-forwarded-for'];
    const hops = String(header ?? '')
      .split(',')
      .map((hop) => plainAddress(hop.trim()));
    // What is no address ends the walk: the last proxy that is known stands for its client.
    while (isTrusted(address)) {
      const next = hops.pop();
      if (next === undefined || isIP(next) === 0) break;
      address = next;
    }
    return address;
  };
}

/** IPv4 inside IPv6 (`::ffff:10.0.0.1`) is the same client as the plain address. */
function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** Whoever has one IPv6 address has 2^64 of them: there the network counts, as the first four groups say it. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').split('::');
  const [before, after] = [head.split(':'), tail.split(':')].map((groups) => groups.filter((group) => group !== ''));
  const gap = address.includes('::') ? 8 - (before?.length ?? 0) - (after?.length ?? 0) : 0;
  const groups = [...(before ?? []), ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...(after ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
