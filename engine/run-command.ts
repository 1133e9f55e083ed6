import { execFile } from 'node:child_process';
import type { Environment } from './places.ts';

/** What a finished command said. `ended` is `exit 0`, another exit, a signal, or why it did not start. */
export interface CommandResult {
  isSuccess: boolean;
  ended: string;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, at most `timeoutMs`, then kills it. Never throws: a failure is a result. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { environment: Environment; timeoutMs: number; account?: { uid: number; gid: number } },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      {
        env: options.environment,
        timeout: options.timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 16 * 1024 * 1024,
        ...options.account,
      },
      (error, stdout, stderr) => resolve({ isSuccess: error === null, ended: describeEnd(error), stdout, stderr }),
    );
  });
}

function describeEnd(error: (Error & { code?: unknown; killed?: boolean; signal?: unknown }) | null): string {
  if (error === null) return 'exit 0';
  if (error.killed === true) return 'no answer in time';
  if (typeof error.signal === 'string') return error.signal;
  return typeof error.code === 'number' ? `exit ${error.code}` : error.message;
}

/** The last line that says something, for the cause of a fault. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
