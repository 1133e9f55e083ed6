import { describe, expect, it, vi } from 'vitest';
import { readNamed } from './read-named.ts';

describe('one object as a list', () => {
  const signal = new AbortController().signal;
  const answer = (status: number, body: unknown) => {
    const headers = { 'content-type': status === 200 ? 'application/json' : 'application/problem+json' };
    const asked = vi.fn(async (_url: string) => new Response(JSON.stringify(body), { status, headers }));
    vi.stubGlobal('fetch', asked);
    return asked;
  };

  it('is that one, asked for by its own address', async () => {
    const asked = answer(200, { id: 'a' });
    expect(await readNamed('members/acme%2Fann', signal)).toEqual({ items: [{ id: 'a' }] });
    expect(asked.mock.calls[0]?.[0]).toBe('/api/v1/members/acme%2Fann');
    vi.unstubAllGlobals();
  });

  it('is empty when there is none, and no list when it cannot be had', async () => {
    answer(404, { status: 404, code: 'not-found', detail: 'there is no member' });
    expect(await readNamed('members/acme%2Feve', signal)).toEqual({ items: [] });
    answer(503, { status: 503, code: 'overloaded', detail: 'not now' });
    await expect(readNamed('members/acme%2Feve', signal)).rejects.toMatchObject({ problem: { status: 503 } });
    vi.unstubAllGlobals();
  });
});
