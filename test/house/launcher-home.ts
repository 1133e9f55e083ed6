import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const home = resolve(import.meta.dirname, '../..');

/** What a finished launcher left behind. */
export interface Launched {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * A clone in small: the real launcher and set-up scripts, and a lock file whose one package carries this very Node, so
 * that a real `npm ci` needs no network. Its command line prints its arguments as JSON and exits 0.
 */
export function makeHome(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'buildit-launcher-')));
  const clone = join(folder, 'clone');
  mkdirSync(join(clone, 'pinned/bin'), { recursive: true });
  mkdirSync(join(clone, 'cli'));
  for (const name of ['buildit', 'scripts']) cpSync(join(home, name), join(clone, name), { recursive: true });
  writeFileSync(
    join(clone, 'cli/main.ts'),
    'const given: string[] = process.argv.slice(2);\nconsole.log(JSON.stringify(given));\n',
  );
  writeFileSync(join(clone, 'pinned/package.json'), JSON.stringify({ name: 'node', version: '24.0.0' }));
  symlinkSync(process.execPath, join(clone, 'pinned/bin/node'));
  const project = { name: 'clone', version: '1.0.0', type: 'module', dependencies: { node: 'file:./pinned' } };
  writeFileSync(join(clone, 'package.json'), JSON.stringify(project));
  execFileSync('npm', ['install', '--package-lock-only', '--offline', '--no-audit', '--no-fund'], {
    cwd: clone,
    stdio: 'pipe',
  });
  return clone;
}

/** Runs a launcher from another folder than its own, without a terminal. */
export async function launch(command: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Launched> {
  const child = spawn(command, args, { cwd: '/', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((done, fail) => child.once('close', done).once('error', fail));
  return { code, stdout, stderr };
}
