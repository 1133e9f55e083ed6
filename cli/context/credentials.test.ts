import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Credentials, openCredentials } from './credentials.ts';

let folder: string;
let credentials: Credentials;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-credentials-'));
  credentials = openCredentials({ BUILDIT_CONFIG: join(folder, 'config') });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kept = { kind: 'token', server: 'https://ci.example.com', token: 'bi_pat_x' } as const;

test('what is kept is for the user alone', () => {
  credentials.keep('work', kept);
  expect(statSync(join(folder, 'credentials')).mode & 0o777).toBe(0o600);
  expect(credentials.find('work')).toEqual(kept);
  expect(credentials.find('toString')).toBeNull();
  expect([credentials.forget('work'), credentials.forget('work'), credentials.find('work')]).toEqual([
    true,
    false,
    null,
  ]);
});

test('a file that others may read is refused, also to write', () => {
  credentials.keep('work', kept);
  chmodSync(join(folder, 'credentials'), 0o640);
  expect(() => credentials.find('work')).toThrow('others may read');
  expect(() => credentials.keep('home', kept)).toThrow('others may read');
});

test('commands that renew at the same time take turns', async () => {
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = credentials.locked(async () => {
    order.push('one begins');
    await first.promise;
    order.push('one ends');
  });
  const two = credentials.locked(async () => {
    order.push('two');
  });
  first.resolve();
  await Promise.all([one, two]);
  expect(order).toEqual(['one begins', 'one ends', 'two']);
});

test.each(['999999999', ''])('a lock that a dead command left behind with %j is taken over', async (written) => {
  writeFileSync(join(folder, 'credentials.lock'), written);
  expect(await credentials.locked(async () => 'done')).toBe('done');
  expect(readdirSync(folder)).toEqual([]);
});
