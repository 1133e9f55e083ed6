import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findOnPath } from '#engine/which.ts';
import { fillDisk } from './fill-disk.ts';
import type { Readiness } from './readiness.ts';

/** A Docker daemon of a test's own beside the machine's, on a small disk in memory. */
export interface NestedDocker {
  endpoint: string;
  start(): Promise<void>;
  /** As an operator restarts it: containers go too, unless they are kept alive. */
  stop(): Promise<void>;
  /** Leaves no byte on its disk; the answer makes room again. */
  fill(): () => void;
  dispose(): Promise<void>;
}

export interface NestedDockerOptions {
  /** Whether containers outlive the daemon. */
  liveRestore: boolean;
  /** Of all its images, containers and volumes. */
  diskMb: number;
  /** Brought along from the machine's daemon. */
  image: string;
}

const run = promisify(execFile);
const READY_MS = 60_000;

/** It mounts a file system and starts a daemon: root's work. */
export function findNestedDocker(): Readiness {
  if (process.getuid?.() !== 0) return { ready: false, reason: 'a Docker daemon of a test’s own needs root' };
  const isThere = findOnPath('dockerd', process.env) !== null;
  return isThere ? { ready: true } : { ready: false, reason: 'there is no dockerd on PATH' };
}

export async function openNestedDocker(options: NestedDockerOptions): Promise<NestedDocker> {
  const folder = await mkdtemp(join(tmpdir(), 'bi-dockerd-'));
  const at = (name: string) => join(folder, name);
  const endpoint = `unix://${at('docker.sock')}`;
  // What the daemon keeps of running containers (/run) is on another disk than their files, as it usually is.
  await mkdir(at('data'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${options.diskMb}m`, 'tmpfs', at('data')]);
  let daemon: ChildProcess | null = null;

  async function start(): Promise<void> {
    const network = ['--bridge', 'none', '--iptables=false', '--ip-forward=false', '--ip-masq=false'];
    const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'), '--host', endpoint];
    const kept = options.liveRestore ? ['--live-restore'] : [];
    // In a network of its own: on the machine's it would take away the bridge that the machine's daemon stands on.
    const command = ['dockerd', ...places, ...network, ...kept, '--log-level', 'error'];
    daemon = spawn('unshare', ['--net', ...command], { stdio: 'ignore' });
    const until = performance.now() + READY_MS;
    while (performance.now() < until) {
      const answer = await run('docker', ['-H', endpoint, 'version']).catch(() => null);
      if (answer) return;
      if (daemon.exitCode !== null) throw new Error(`dockerd ended with ${daemon.exitCode}`);
      await pause(100);
    }
    throw new Error('dockerd does not answer');
  }

  async function stop(): Promise<void> {
    if (daemon === null || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    await ended;
  }

  async function dispose(): Promise<void> {
    const { stdout } = await run('docker', ['-H', endpoint, 'ps', '-aq']).catch(() => ({ stdout: '' }));
    const left = stdout.split('\n').filter(Boolean);
    if (left.length > 0) await run('docker', ['-H', endpoint, 'rm', '-f', ...left]);
    await stop();
    // What containers had mounted goes a moment after them.
    await run('umount', ['--lazy', at('data')]);
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await start();
    const archive = at('image.tar');
    await run('docker', ['save', '-o', archive, options.image]);
    await run('docker', ['-H', endpoint, 'load', '-i', archive]);
    await rm(archive);
  } catch (error) {
    // Nobody else has a handle on the daemon and its disk.
    await dispose();
    throw error;
  }
  return { endpoint, start, stop, fill: () => fillDisk(at('data')), dispose };
}
