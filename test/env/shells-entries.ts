import { readFileSync, realpathSync } from 'node:fs';
import { baseEntries, type Entry } from './root-file-system.ts';
import { listLibraries } from './shared-libraries.ts';

const required = ['dash', 'bash', 'busybox', 'env', 'cat'];

const wanted = [
  ...required,
  ...['[', 'awk', 'base64', 'basename', 'chgrp', 'chmod', 'chown', 'comm', 'cp', 'cut', 'date', 'dd', 'df', 'diff'],
  ...['dirname', 'du', 'echo', 'expr', 'false', 'find', 'flock', 'grep', 'groups', 'gzip', 'head', 'hostname', 'id'],
  ...['install', 'join', 'kill', 'ln', 'ls', 'md5sum', 'mkdir', 'mkfifo', 'mktemp', 'mv', 'nice', 'nl', 'nohup'],
  ...['nproc', 'od', 'paste', 'pgrep', 'printenv', 'printf', 'ps', 'pwd', 'readlink', 'realpath', 'rm', 'rmdir'],
  ...['sed', 'seq', 'setsid', 'sha256sum', 'shuf', 'sleep', 'sort', 'split', 'stat', 'stdbuf', 'stty', 'sync'],
  ...['tac', 'tail', 'tar', 'tee', 'test', 'timeout', 'touch', 'tr', 'true', 'truncate', 'tty', 'uname', 'uniq'],
  ...['wc', 'which', 'whoami', 'xargs', 'xxd', 'yes'],
];

/**
 * The files of an image with the host's own shells and core tools: each program and the shared libraries `ldd` names,
 * at the paths where the loader looks for them. Needs a Linux host; throws when a required program is missing.
 */
export function listShellsEntries(): Entry[] {
  const files = new Map<string, string>();
  for (const name of wanted) {
    const source = findProgram(name);
    if (source === undefined) {
      if (required.includes(name)) throw new Error(`this machine has no ${name} to make an image from`);
      continue;
    }
    files.set(`usr/bin/${name}`, source);
    for (const library of listLibraries(source)) files.set(library.slice(1), library);
  }
  return [
    ...['usr', 'usr/bin', 'bin', 'lib', 'lib64', 'usr/lib'].map((path): Entry => ({ kind: 'folder', path })),
    ...[...files].map(([path, source]): Entry => ({
      kind: 'file',
      path,
      content: readFileSync(realpathSync(source)),
      mode: 0o755,
    })),
    ...['sh', 'dash'].map((name): Entry => ({ kind: 'link', path: `bin/${name}`, target: '/usr/bin/dash' })),
    { kind: 'link', path: 'usr/bin/sh', target: 'dash' },
    ...['bash', 'busybox', 'cat', 'false', 'true'].map((name): Entry => ({
      kind: 'link',
      path: `bin/${name}`,
      target: `/usr/bin/${name}`,
    })),
    ...baseEntries,
  ];
}

function findProgram(name: string): string | undefined {
  for (const folder of ['/usr/bin', '/bin', '/usr/sbin', '/sbin']) {
    try {
      return realpathSync(`${folder}/${name}`);
    } catch {
      // Not in this folder; the next one may have it.
    }
  }
  return undefined;
}
