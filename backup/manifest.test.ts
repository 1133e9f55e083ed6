import { expect, test } from 'vitest';
import { decodeManifest, encodeManifest } from './manifest.ts';

const manifest = {
  createdAt: '2026-01-01T00:00:00.000Z',
  level: 8,
  tables: [{ name: 'runs', columns: ['id'] }],
  sequences: [{ name: 'outbox_id_seq', value: 7, isCalled: true }],
  entries: [{ name: 'database/runs/000001', bytes: 3, digest: 'ab' }],
};

test('what was written is read again', () => {
  expect(decodeManifest(encodeManifest(manifest))).toEqual({ format: 1, ...manifest });
});

test.each([
  ...['', 'null', '[]', '{}', '{"format":1}'],
  JSON.stringify({ format: 2, ...manifest }),
  JSON.stringify({ format: 1, ...manifest, level: '8' }),
  JSON.stringify({ format: 1, ...manifest, tables: [{ name: 'runs' }] }),
  JSON.stringify({ format: 1, ...manifest, sequences: [null] }),
  JSON.stringify({ format: 1, ...manifest, entries: { length: 0 } }),
])('%s is no manifest', (text) => {
  expect(() => decodeManifest(Buffer.from(text))).toThrow('The archive is none of this version of BuildIt');
});
