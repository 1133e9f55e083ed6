import type { Fault } from '#core/fault.ts';
import type { Environment } from './places.ts';
import { type Generation, isGeneration } from './supervisor-options.ts';

/** What a command asks of the supervisor, one JSON line a connection. The token is that of `engine.token`. */
export type ControlRequest =
  | { kind: 'ping'; token: string }
  | { kind: 'stop'; token: string }
  /** Stop, unless somebody is connected: who held the port has no more use for the engine. */
  | { kind: 'release'; token: string }
  /** Worker and API get these variables instead of those the engine was started with. */
  | { kind: 'configure'; token: string; variables: Environment }
  | { kind: 'replace'; token: string; generation: Generation };

/**
 * The answer, one JSON line. `stop` is answered when all is ended, `replace` and `configure` when the new worker and API
 * serve.
 */
export type ControlAnswer = { kind: 'done' } | { kind: 'refused'; fault: Fault };

/** Reads a request; null is something this version does not know. */
export function parseControlRequest(line: string): ControlRequest | null {
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('token' in value)) return null;
  if (typeof value.token !== 'string') return null;
  const { token } = value;
  if (value.kind === 'ping' || value.kind === 'stop' || value.kind === 'release') return { kind: value.kind, token };
  if (value.kind === 'configure') {
    return 'variables' in value && isEnvironment(value.variables)
      ? { kind: 'configure', token, variables: value.variables }
      : null;
  }
  if (value.kind !== 'replace' || !('generation' in value) || !isGeneration(value.generation)) return null;
  return { kind: 'replace', token, generation: value.generation };
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

function isEnvironment(value: unknown): value is Environment {
  return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
