import { spawn } from 'node:child_process';

export interface CommandOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Of the whole command; its group is killed then. */
  limitMs?: number;
}

export interface Finished {
  ms: number;
  /** Until the first line stood on stdout; of a silent command the whole time. */
  firstLineMs: number;
  stdout: string;
}

const KEPT_CHARACTERS = 65_536;

/** Runs a command to its end; rejects with the end of what it printed when that is not 0. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<Finished> {
  const { cwd, env = process.env, limitMs = 300_000 } = options;
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    // A group of its own, so that what it started can be ended with it.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let firstLineMs = Number.NaN;
    let [stdout, stderr] = ['', ''];
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, limitMs);
    child.stdout.on('data', (chunk: Buffer) => {
      if (Number.isNaN(firstLineMs) && chunk.includes(10)) firstLineMs = performance.now() - begun;
      if (stdout.length < KEPT_CHARACTERS) stdout += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const ms = performance.now() - begun;
      if (code === 0) return resolve({ ms, firstLineMs: Number.isNaN(firstLineMs) ? ms : firstLineMs, stdout });
      const how = isLate ? `was not done after ${limitMs / 1_000} s` : `ended with ${code}`;
      reject(new Error(`${command} ${args.join(' ')} ${how}: ${(stderr + stdout.slice(-500)).slice(-1_000)}`));
    });
  });
}

/** Where a command lies on PATH; null where it does not. */
export async function findCommand(name: string): Promise<string | null> {
  try {
    const { stdout } = await runCommand('sh', ['-c', `command -v ${name}`], { cwd: '/' });
    return stdout.trim();
  } catch {
    return null;
  }
}
