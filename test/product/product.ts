import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineProcess, EngineRole } from '#core/engine-file.ts';

const LAUNCHER = fileURLToPath(new URL('../../buildit', import.meta.url));

/** What a command printed and how it ended. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Of stdout, as they came. */
  bytes: Buffer;
}

/** A command that still runs. */
export interface Running {
  process: ChildProcess;
  /** Resolves when the text has appeared on stdout or stderr; rejects when the command ends without it. */
  shows(text: string): Promise<void>;
  /** What it has printed until now. */
  output(): { stdout: string; stderr: string };
  readonly ended: Promise<Outcome>;
}

/** The product as a user has it: the launcher, a data folder and a folder of one's own. */
export interface Product {
  /** A folder for pipeline files; not a repository. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  run(...args: string[]): Promise<Outcome>;
  start(...args: string[]): Running;
  processes(): Promise<EngineProcess[]>;
  /** `kill -9`; resolves when the process is gone. */
  kill(...roles: EngineRole[]): Promise<void>;
  /** Cancels what is open, stops the engine, removes folders and volumes. */
  dispose(): Promise<void>;
}

export function openProduct(): Product {
  const root = mkdtempSync(join(tmpdir(), 'buildit-product-'));
  const folder = join(root, 'project');
  mkdirSync(folder);
  // Settings of a test's own: those of the person who runs it are not read.
  const config = join(root, 'config');
  writeFileSync(config, '');
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...{ BUILDIT_DATA: join(root, 'data'), BUILDIT_CONFIG: config, CI: 'true' },
  };
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'BUILDIT_SERVER', 'BUILDIT_TOKEN', 'BUILDIT_TENANT']) {
    delete environment[name];
  }
  const start = (...args: string[]) => startCommand(args, folder, environment);
  const run = (...args: string[]) => start(...args).ended;
  const processes = async (): Promise<EngineProcess[]> => {
    const { stdout } = await run('engine', 'status', '-o', 'json');
    return (JSON.parse(stdout) as { processes: EngineProcess[] }).processes;
  };
  return {
    folder,
    environment,
    run,
    start,
    processes,
    async kill(...roles) {
      const found = (await processes()).filter((known) => roles.includes(known.role));
      if (found.length !== roles.length) throw new Error(`not all of ${roles.join(', ')} are running`);
      for (const { pid } of found) process.kill(pid, 'SIGKILL');
    },
    async dispose() {
      const { code, stdout, stderr } = await run('runs', 'list', '-o', 'json');
      if (code !== 0) throw new Error(`runs cannot be listed: ${stderr}`);
      const open = (JSON.parse(stdout) as { label: string; status: { kind: string } }[]).filter(
        ({ status }) => status.kind !== 'ended',
      );
      for (const { label } of open) await run('cancel', label, '--force');
      await run('engine', 'stop');
      removeVolumes(join(root, 'data', 'instance-id'));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Sources are kept on a daemon for the next run; after a test there is none. */
function removeVolumes(instanceFile: string): void {
  if (!existsSync(instanceFile)) return;
  const filter = `label=buildit.instance=${readFileSync(instanceFile, 'utf8').trim()}`;
  const listed = spawnSync('docker', ['volume', 'ls', '-q', '--filter', filter], { encoding: 'utf8' });
  const names = listed.stdout.split('\n').filter(Boolean);
  if (names.length > 0) spawnSync('docker', ['volume', 'rm', '--force', ...names]);
}

/** Starts the command as a user does. */
export function startCommand(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Running {
  const child = spawn(LAUNCHER, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  const chunks: Buffer[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      if (name === 'stdout') chunks.push(chunk);
      output[name] += chunk.toString('utf8');
      for (const watch of watchers) watch();
    });
  }
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output, bytes: Buffer.concat(chunks) }));
  });
  const shows = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const watch = () => {
        if (!output.stdout.includes(text) && !output.stderr.includes(text)) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
      void ended.then(() => reject(new Error(`ended without ${text}:\n${output.stdout}\n${output.stderr}`)));
    });
  return { process: child, shows, output: () => ({ ...output }), ended };
}
