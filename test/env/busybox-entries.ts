import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { baseEntries, type Entry } from './root-file-system.ts';
import { listLibraries } from './shared-libraries.ts';

const binary = '/bin/busybox';

/**
 * The busybox image's files: the host's static busybox and a link for each applet.
 * Throws when the host has no busybox or only one that needs shared libraries.
 */
export function listBusyboxEntries(): Entry[] {
  const content = readFileSync(binary);
  if (listLibraries(binary).length > 0) {
    throw new Error(`${binary} needs shared libraries; install the package busybox-static`);
  }
  const applets = execFileSync(binary, ['--list'], { encoding: 'utf8' }).split('\n').filter(Boolean);
  return [
    { kind: 'folder', path: 'bin' },
    { kind: 'folder', path: 'usr' },
    { kind: 'link', path: 'usr/bin', target: '../bin' },
    { kind: 'file', path: 'bin/busybox', content, mode: 0o755 },
    ...applets
      .filter((applet) => applet !== 'busybox')
      .map((applet): Entry => ({ kind: 'link', path: `bin/${applet}`, target: 'busybox' })),
    ...baseEntries,
  ];
}
