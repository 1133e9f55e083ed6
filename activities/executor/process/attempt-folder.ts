import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What is where in an attempt's folder, `<data>/processes/<handle>/`. The folder is the truth about the attempt. */
export const PLACES = {
  /** JSON, {@link AttemptFacts}. */
  facts: 'attempt.json',
  scripts: 'scripts',
  workspace: 'workspace',
  /** A folder, made by the one supervisor that may run the program. */
  began: 'began',
  /** Process of the supervisor, and of the program's first shell: a line of /proc/PID/stat, or the id. */
  supervisor: 'supervisor',
  program: 'program',
  log: 'log',
  logError: 'log-error',
  logFailed: 'log-failed',
  /** Exit code, as soon as the program is over; made then. */
  code: 'code',
  /** The same, there once all output is in the log; its time is that of the end where `code` is not there. */
  exit: 'exit',
} as const;

export interface AttemptFacts {
  runId: string;
  workspace: string;
}

/** Null while the attempt does not exist. */
export async function readFacts(folder: string): Promise<AttemptFacts | null> {
  const text = await readIfThere(join(folder, PLACES.facts));
  if (text === null) return null;
  const facts: unknown = JSON.parse(text);
  if (!isAttemptFacts(facts)) throw new Error(`${join(folder, PLACES.facts)} is not what we wrote`);
  return facts;
}

function isAttemptFacts(value: unknown): value is AttemptFacts {
  if (typeof value !== 'object' || value === null || !('runId' in value) || !('workspace' in value)) return false;
  return typeof value.runId === 'string' && typeof value.workspace === 'string';
}

/** When the program's supervisor began, ms since epoch; null if none did. */
export async function readBegan(folder: string): Promise<number | null> {
  const found = await statIfThere(join(folder, PLACES.began));
  return found?.mtimeMs ?? null;
}

/** How the attempt ended (`code` null if it could not be written); null while it has not, or while output is still on its way into the log. */
export async function readExit(folder: string): Promise<{ code: number | null; endedAt: number } | null> {
  if ((await statIfThere(join(folder, PLACES.exit))) === null) return null;
  const known = await statIfThere(join(folder, PLACES.code));
  const path = join(folder, known === null ? PLACES.exit : PLACES.code);
  const text = readFileSync(path, 'utf8');
  const { mtimeMs } = known ?? statSync(path);
  // Nothing in it: there was no space to write even that. Never to be read as 0.
  const code = /^\d+$/.test(text.trim()) ? Number(text.trim()) : null;
  return { code, endedAt: mtimeMs };
}

/**
 * At once, as {@link statIfThere}: what is small and was written a moment ago is in memory, where a turn through the
 * pool of threads costs ten times what it does. A short stage asks some fifty times.
 */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export async function statIfThere(path: string): Promise<{ mtimeMs: number; size: number } | null> {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
