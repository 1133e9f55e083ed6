import { lookup, type LookupAddress } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPrivateAddress } from './private-address.ts';

/** How a try came out: `status` is null when nobody answered. */
export interface Try {
  status: number | null;
  ms: number;
  error: string | null;
}

/** From the first byte of the request to the head of the answer. */
const LIMIT_MS = 10_000;

/**
 * Posts a body. Redirects are not followed and the answer's body is not read. Unless `allowsPrivate`, it connects to no
 * address of this machine or its networks: each address is looked at when it is connected to, because a name may lead
 * elsewhere each time it is asked for.
 */
export function sendWebhook(
  url: string,
  body: string,
  headers: Record<string, string>,
  allowsPrivate: boolean,
): Promise<Try> {
  const begun = performance.now();
  const end = (status: number | null, error: string | null): Try => ({
    status,
    error,
    ms: Math.round(performance.now() - begun),
  });
  return new Promise((resolve) => {
    const fail = (error: unknown) => resolve(end(null, error instanceof Error ? error.message : String(error)));
    try {
      const target = new URL(url);
      const host = target.hostname.replace(/^\[|\]$/g, '');
      if (!allowsPrivate && isIP(host) !== 0 && isPrivateAddress(host)) throw createRefusal(host);
      const start = target.protocol === 'https:' ? requestHttps : requestHttp;
      const outgoing = start(target, {
        method: 'POST',
        // One connection a delivery: a kept one would go where the name led earlier.
        agent: false,
        signal: AbortSignal.timeout(LIMIT_MS),
        ...(allowsPrivate ? {} : { lookup: lookUpPublic }),
        headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
      });
      const take = (answer: IncomingMessage) => {
        const status = answer.statusCode ?? 0;
        outgoing.destroy();
        resolve(end(status, status >= 200 && status < 300 ? null : `answered ${status}`));
      };
      outgoing.once('response', take);
      outgoing.once('error', fail);
      // Who answers 101 gives neither: without a listener Node closes the connection and says no more.
      outgoing.once('upgrade', (answer, socket) => {
        socket.destroy();
        take(answer);
      });
      outgoing.once('close', () => fail('the connection was closed before an answer'));
      outgoing.end(body);
    } catch (error) {
      fail(error);
    }
  });
}

/** The system's lookup, without the addresses that are not public. */
const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const found = addresses as LookupAddress[];
    const open = found.filter(({ address }) => !isPrivateAddress(address));
    const [first] = open;
    if (!first) return callback(createRefusal(hostname), '', 0);
    // Node asks for all of them (autoSelectFamily) or for one.
    if (options.all) (callback as unknown as (error: null, addresses: LookupAddress[]) => void)(null, open);
    else callback(null, first.address, first.family);
  });
};

function createRefusal(host: string): NodeJS.ErrnoException {
  return new Error(`${host} is an address of this machine or its networks: BUILDIT_WEBHOOKS_PRIVATE=on allows it`);
}
