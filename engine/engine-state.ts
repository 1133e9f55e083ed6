import type { Fault } from '#core/fault.ts';
import { readIfPresent, writePrivateFile } from './private-file.ts';

/**
 * Where the engine stands, told to commands that cannot reach it yet or no more (`engine-state.json`).
 *
 * starting ─▶ ready ─▶ stopped
 *     │          └───▶ gave-up    a child died five times in a minute: stays until `engine stop` or another version
 *     └─────────────▶ failed      the start did not succeed: the next command tries again
 */
export type EngineState =
  | { kind: 'starting'; pid: number; at: string; step: string }
  | { kind: 'ready'; pid: number; at: string }
  | { kind: 'failed'; pid: number; at: string; fault: Fault }
  | { kind: 'gave-up'; pid: number; at: string; contentVersion: string; fault: Fault }
  | { kind: 'stopped'; pid: number; at: string; why: StopReason };

/** Why an engine left by itself or was told to. */
export type StopReason = 'idle' | 'asked' | 'signal' | 'folder-gone';

const KINDS: ReadonlySet<string> = new Set(['starting', 'ready', 'failed', 'gave-up', 'stopped']);

/** The last state written, or null. */
export function readEngineState(path: string): EngineState | null {
  const text = readIfPresent(path);
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return isState(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Replaces the state, 0600. */
export function writeEngineState(path: string, state: EngineState): void {
  writePrivateFile(path, `${JSON.stringify(state)}\n`);
}

function isState(value: unknown): value is EngineState {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    KINDS.has(value.kind)
  );
}
