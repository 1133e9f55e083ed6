import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn as spawnInTerminal } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const FLAGS = ['--disable-warning=ExperimentalWarning', MAIN];

export interface Ended {
  exit: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  environment?: Record<string, string>;
  /** What the command reads from its stdin; without it there is none. */
  input?: string;
  /** Called with all that was printed so far, both streams. */
  onOutput?: (text: string, child: { kill(signal: NodeJS.Signals): boolean; closeStdout(): void }) => void;
}

export interface TerminalOptions {
  environment?: Record<string, string>;
  columns?: number;
  rows?: number;
  /** Called with the screen as it stands; what it answers is typed. Once for each new word it waits for. */
  keys?: readonly { when: string; type: string }[];
}

/** A data folder of its own for tests of the command against the real engine. */
export interface Home {
  /** Where the command is given; data and settings stand beside it. */
  folder: string;
  settings: string;
  /** Writes a pipeline file; answers its path. */
  write(name: string, text: string): string;
  /** The command in a pipe: neither stdout nor stderr is a terminal. */
  run(args: readonly string[], options?: CommandOptions): Promise<Ended>;
  /** The command in a terminal; `screen` is what a person sees at the end, with all that scrolled away. */
  runInTerminal(
    args: readonly string[],
    options?: TerminalOptions,
  ): Promise<{ exit: number; screen: string[]; raw: string }>;
  /** Stops the engine and removes the folder. */
  close(): Promise<void>;
}

export function openHome(): Home {
  const top = mkdtempSync(join(tmpdir(), 'buildit-cli-'));
  const folder = join(top, 'project');
  mkdirSync(folder);
  // Settings of a test's own: those of the person who runs it are not read.
  const settings = join(top, 'settings');
  mkdirSync(settings);
  writeFileSync(join(settings, 'config'), '');
  const environmentOf = (more: Record<string, string> = {}): Record<string, string> => {
    const inherited = Object.entries(process.env).filter(
      ([name]) =>
        !/^(CI|GITHUB_ACTIONS|NO_COLOR|FORCE_COLOR|BUILDIT_(UI|FORMAT|DATA|SERVER|TOKEN|TENANT)|LC_.*|VITEST.*|NODE_OPTIONS)$/.test(
          name,
        ),
    );
    return {
      ...Object.fromEntries(inherited.map(([name, value]) => [name, value ?? ''])),
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      BUILDIT_DATA: join(top, 'data'),
      BUILDIT_CONFIG: join(settings, 'config'),
      ...more,
    };
  };

  const alive = new Set<Pick<ReturnType<typeof spawn>, 'pid'>>();
  const run = (args: readonly string[], { environment, input, onOutput }: CommandOptions = {}): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...FLAGS, ...args], {
        cwd: folder,
        env: environmentOf(environment),
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      // A command that reads nothing may be gone before it is written.
      child.stdin.on('error', () => {}).end(input);
      const ended: Ended = { exit: -1, stdout: '', stderr: '' };
      const tell = () =>
        onOutput?.(ended.stdout + ended.stderr, {
          kill: (signal) => child.kill(signal),
          closeStdout: () => child.stdout.destroy(),
        });
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        ended.stdout += text;
        tell();
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        ended.stderr += text;
        tell();
      });
      alive.add(child);
      child.on('error', reject);
      child.on('close', (code) => {
        alive.delete(child);
        resolve({ ...ended, exit: code ?? -1 });
      });
    });

  return {
    ...{ folder, settings },
    write(name, text) {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    run,
    runInTerminal(args, { environment, columns = 90, rows = 24, keys = [] } = {}) {
      const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 10_000 });
      const child = spawnInTerminal(process.execPath, [...FLAGS, ...args], {
        cols: columns,
        rows,
        cwd: folder,
        env: environmentOf(environment),
      });
      alive.add(child);
      let raw = '';
      let typed = 0;
      let from = 0;
      child.onData((text) => {
        raw += text;
        terminal.write(text);
        const next = keys[typed];
        if (next && raw.includes(next.when, from)) {
          typed += 1;
          from = raw.length;
          child.write(next.type);
        }
      });
      return new Promise((resolve) => {
        child.onExit(({ exitCode }) => {
          alive.delete(child);
          terminal.write('', () => resolve({ exit: exitCode, screen: readScreen(terminal), raw }));
        });
      });
    },
    async close() {
      // A test that ran out of time leaves its command behind, and that would start the engine again.
      for (const { pid } of alive) if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await run(['engine', 'stop']);
      rmSync(top, { recursive: true, force: true });
    },
  };
}

function readScreen(terminal: Terminal): string[] {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Times, sizes and names that differ from run to run, made equal. */
export function steady(text: string): string {
  return text
    .replaceAll(/^the engine runs another version .*\n?/gm, '')
    .replaceAll(/\d+m \d\ds|\d+\.\d+s/g, '0.0s')
    .replaceAll(/\((?:\d+ ms|\d+\.\d s)\)/g, '(0 ms)')
    .replaceAll(/local engine (?:warm|started)/g, 'local engine warm')
    .replaceAll(/local\/\d+/g, 'local/1');
}
