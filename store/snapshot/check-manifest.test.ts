import { describe, expect, test } from 'vitest';
import { checkManifest } from './check-manifest.ts';
import { encodeManifest, type SnapshotEntry } from './manifest.ts';

const DIGEST = 'a'.repeat(64);
const file = (path: string, changes: object = {}): SnapshotEntry =>
  ({ kind: 'file', path, mode: 0o644, bytes: 3, digest: DIGEST, ...changes }) as SnapshotEntry;
const link = (path: string, target: string): SnapshotEntry => ({ kind: 'link', path, target });
const folder = (path: string): SnapshotEntry => ({ kind: 'folder', path });
const check = (...entries: SnapshotEntry[]) => checkManifest(encodeManifest({ version: 1, entries }).bytes);

describe('a manifest from elsewhere', () => {
  test('is taken with its digest and size when nothing in it leaves the tree', () => {
    const entries = [folder('src'), file('src/a.ts'), file('src/b.ts'), link('src/c', '../d')];
    const { digest } = encodeManifest({ version: 1, entries });
    expect(check(...entries)).toEqual({ kind: 'sound', reference: { digest, files: 3, bytes: 6 } });
  });

  test.each<[string, SnapshotEntry[]]>([
    ['climbs', [file('../a')]],
    ['climbs in the middle', [folder('a'), file('a/../../b')]],
    ['is absolute', [file('/etc/passwd')]],
    ['holds NUL', [file('a\0b')]],
    ['is not plain', [file('./a')]],
    ['has an empty part', [file('a//b')]],
    ['is the tree itself', [folder('')]],
    ['comes twice', [file('a'), file('a')]],
    ['goes through a link', [link('a', 'b'), file('a/c')]],
    ['goes through a link far above', [link('a', 'b'), folder('a/c'), file('a/c/d')]],
    ['goes through a file', [file('a'), file('a/b')]],
    ['is a link out of the tree', [link('a', '../b')]],
    ['is an absolute link', [link('a', '/etc')]],
    ['has set-uid', [file('a', { mode: 0o4755 })]],
    ['has a size below zero', [file('a', { bytes: -1 })]],
    ['has a digest that is a path', [file('a', { digest: '../../x' })]],
  ])('is refused when a path %s', (_, entries) => {
    expect(check(...entries)).toMatchObject({ kind: 'unsound' });
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['another version', '{"version":2,"rows":[]}'],
    ['another order', `{"version":1,"rows":[["b"],["a"]]}`],
    ['other spelling', '{ "version":1,"rows":[]}'],
    ['rows of another form', '{"version":1,"rows":[[1]]}'],
  ])('is refused when it is %s', (_, text) => {
    expect(checkManifest(Buffer.from(text))).toMatchObject({ kind: 'unsound' });
  });
});
