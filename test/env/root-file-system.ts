import { type Pack, pack } from 'tar-stream';

/** One entry of an image's root file system; `path` has no leading slash. */
export type Entry =
  | { kind: 'folder'; path: string; mode?: number }
  | { kind: 'file'; path: string; content: Buffer | string; mode?: number }
  | { kind: 'link'; path: string; target: string };

/** What every test image has besides its programs: users, `/tmp`, home folders. */
export const baseEntries: readonly Entry[] = [
  { kind: 'folder', path: 'tmp', mode: 0o1777 },
  { kind: 'folder', path: 'var/tmp', mode: 0o1777 },
  { kind: 'folder', path: 'root', mode: 0o700 },
  { kind: 'folder', path: 'home/builder' },
  { kind: 'folder', path: 'dev' },
  { kind: 'folder', path: 'proc' },
  { kind: 'folder', path: 'sys' },
  {
    kind: 'file',
    path: 'etc/passwd',
    content: [
      'root:x:0:0:root:/root:/bin/sh',
      'builder:x:1000:1000:builder:/home/builder:/bin/sh',
      'nobody:x:65534:65534:nobody:/nonexistent:/bin/false',
      '',
    ].join('\n'),
  },
  { kind: 'file', path: 'etc/group', content: 'root:x:0:\nbuilder:x:1000:\nnogroup:x:65534:\n' },
];

/** Streams the entries as a tar for `docker import`. Parent folders must come before their content. */
export function packEntries(entries: readonly Entry[]): Pack {
  const tar = pack();
  const owner = { uid: 0, gid: 0, mtime: new Date(0) };
  for (const entry of entries) {
    switch (entry.kind) {
      case 'folder':
        tar.entry({ ...owner, name: entry.path, type: 'directory', mode: entry.mode ?? 0o755 });
        break;
      case 'file':
        tar.entry({ ...owner, name: entry.path, mode: entry.mode ?? 0o644 }, entry.content);
        break;
      case 'link':
        tar.entry({ ...owner, name: entry.path, type: 'symlink', linkname: entry.target });
        break;
      default:
        entry satisfies never;
    }
  }
  tar.finalize();
  return tar;
}
