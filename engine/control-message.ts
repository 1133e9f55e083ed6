import type { Fault } from '#core/fault.ts';
import { type Generation, isGeneration } from './supervisor-options.ts';

/** What a command asks of the supervisor, one JSON line a connection. The token is that of `engine.token`. */
export type ControlRequest =
  | { kind: 'ping'; token: string }
  | { kind: 'stop'; token: string }
  | { kind: 'replace'; token: string; generation: Generation };

/** The answer, one JSON line. `stop` is answered when all is ended, `replace` when the other version serves. */
export type ControlAnswer = { kind: 'done' } | { kind: 'refused'; fault: Fault };

/** Reads a request; null is something this version does not know. */
export function parseControlRequest(line: string): ControlRequest | null {
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('token' in value)) return null;
  if (typeof value.token !== 'string') return null;
  if (value.kind === 'ping' || value.kind === 'stop') return { kind: value.kind, token: value.token };
  if (value.kind !== 'replace' || !('generation' in value) || !isGeneration(value.generation)) return null;
  return { kind: 'replace', token: value.token, generation: value.generation };
}

/** Reads an answer; null is something this version does not know. */
export function parseControlAnswer(line: string): ControlAnswer | null {
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  return value.kind === 'done' || value.kind === 'refused' ? (value as ControlAnswer) : null;
}

/** The control socket lies beside the API's. */
export function nameControlSocket(apiSocket: string): string {
  return apiSocket.replace(/\.sock$/, '.control.sock');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
