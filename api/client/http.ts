import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '#core/rest.ts';
import { problemOf } from './problem.ts';
import { readJson, type Call, type Transport } from './transport.ts';

/** An object with the version it was read at, for `If-Match` of the next write. */
export interface Versioned<Value> {
  value: Value;
  etag: string;
}

/** What the calls of the client are made of. */
export interface Http {
  transport: Transport;
  get<Value>(path: string): Promise<Value>;
  getVersioned<Value>(path: string): Promise<Versioned<Value>>;
  /** Items of a list that is never long. */
  list<Item>(path: string): Promise<Item[]>;
  /** A write carries a key, so that it can be sent again when the answer was lost. */
  write<Value>(
    method: Exclude<Call['method'], 'GET'>,
    path: string,
    body?: unknown,
    extra?: WriteExtra,
  ): Promise<Value>;
}

export interface WriteExtra {
  /** Idempotency key; a fresh one unless given. */
  key?: string;
  /** Version that the write is meant for. */
  etag?: string;
}

/** How often and how long a write waits for an earlier one with its key, ms. */
const BUSY_TRIES = 60;
const BUSY_MS = 500;

export function openHttp(transport: Transport): Http {
  const get = async <Value>(path: string) => readJson<Value>(await transport.send({ method: 'GET', path }));
  return {
    transport,
    get,
    async getVersioned<Value>(path: string) {
      const answer = await transport.send({ method: 'GET', path });
      return { value: await readJson<Value>(answer), etag: answer.headers.etag ?? '' };
    },
    list: async <Item>(path: string) => (await get<Page<Item>>(path)).items,
    async write<Value>(
      method: Exclude<Call['method'], 'GET'>,
      path: string,
      body?: unknown,
      { key = randomUUID(), etag }: WriteExtra = {},
    ): Promise<Value> {
      const headers = { 'Idempotency-Key': key, ...(etag === undefined ? {} : { 'If-Match': etag }) };
      for (let tries = 0; ; tries += 1) {
        try {
          return await readJson<Value>(await transport.send({ method, path, body, headers }));
        } catch (error) {
          // The first request with this key lost its caller and is still at it: its answer is ours.
          if (tries === BUSY_TRIES || problemOf(error)?.code !== 'idempotency-key-busy') throw error;
          await wait(BUSY_MS);
        }
      }
    },
  };
}

/** `?a=1&b=2` of what is given; nothing of null and undefined. */
export function toQuery(query: Record<string, string | number | boolean | null | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return given.length > 0 ? `?${given.join('&')}` : '';
}
