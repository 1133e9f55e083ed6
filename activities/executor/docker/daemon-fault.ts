import { type Fault, FaultError, faultOf, NO_RETRY } from '#core/fault.ts';

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
]);
/** Of every `disk-full` there. */
export const FREE_SPACE = 'free space on the host: docker system df shows what takes it';
const RETRY_SOON = { kind: 'yes', afterMs: 500 } as const;

/** HTTP status of the daemon's refusal, or null when it did not answer. */
export function statusOf(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : null;
}

/** What the daemon said, without the client's own words around it. */
export function explain(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'json' in error) {
    const { json } = error;
    if (typeof json === 'object' && json !== null && 'message' in json) return String(json.message);
  }
  return error instanceof Error ? error.message : String(error);
}

export function isUnreachable(error: unknown): boolean {
  if (faultOf(error)?.code === 'docker-unreachable') return true;
  if (statusOf(error) !== null || !(error instanceof Error) || isAbort(error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return CONNECTION_CODES.has(code) || /socket hang up|aborted|premature close/i.test(error.message);
}

/** Our own caller gave up: nothing is wrong with the daemon. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Any error of a call to the daemon as a fault; `what` names the act ("create the container of build"). */
export function toDaemonFault(error: unknown, endpoint: string, what: string): FaultError {
  const known = faultOf(error);
  if (known) return new FaultError(known);
  const cause = explain(error);
  if (isUnreachable(error)) return new FaultError(describeUnreachable(endpoint, cause));
  if (/no space left on device|disk quota exceeded/i.test(cause)) {
    return new FaultError({
      code: 'disk-full',
      message: `No space is left on the Docker host (${what})`,
      cause,
      fix: FREE_SPACE,
      retry: NO_RETRY,
    });
  }
  const status = statusOf(error);
  if (status === 404 && /no such container/i.test(cause)) {
    return new FaultError({
      code: 'attempt-lost',
      message: 'The container of the stage is gone: something removed it',
      cause,
      fix: 'retry the stage',
      retry: NO_RETRY,
    });
  }
  return new FaultError({
    code: 'docker-refused',
    message: `Docker would not ${what}`,
    cause,
    // 5xx may be a daemon in trouble that comes back; everything else will be refused again.
    retry: status === null || status >= 500 ? RETRY_SOON : NO_RETRY,
  });
}

export function describeUnreachable(endpoint: string, cause: string): Fault {
  return {
    code: 'docker-unreachable',
    message: `Docker does not answer at ${endpoint}`,
    cause,
    fix: 'start Docker, or run without isolation: --executor process',
    retry: RETRY_SOON,
  };
}
