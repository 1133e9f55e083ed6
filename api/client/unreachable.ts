import type { IncomingMessage } from 'node:http';
import { FaultError } from '#core/fault.ts';
import type { Problem } from '#core/rest.ts';

/** The local engine does not answer. */
export function engineUnreachable(error: unknown): FaultError {
  return new FaultError({
    code: 'api-unreachable',
    message: 'the engine does not answer',
    cause: nameError(error),
    fix: 'buildit engine status shows whether it runs',
    retry: { kind: 'yes', afterMs: 200 },
  });
}

/** The connection ended in the middle of an answer. */
export function answerCut(error: unknown): FaultError {
  return new FaultError({
    code: 'api-unreachable',
    message: 'the answer was cut off',
    cause: nameError(error),
    fix: 'run the command again',
    retry: { kind: 'yes', afterMs: 200 },
  });
}

/** What was cut off is not there any more: something else stands in its place. */
export function contentReplaced(): FaultError {
  return new FaultError({
    code: 'api-unreachable',
    message: 'the answer was cut off, and its content is another one by now',
    fix: 'run the command again',
    retry: { kind: 'no' },
  });
}

/** Codes of Node's TLS checks: a server is there, but it is not shown to be the one that was meant. */
const CERTIFICATE = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_(?:GET_ISSUER|VERIFY)/;

/** A server cannot be reached, or its certificate is not to be trusted. */
export function serverUnreachable(url: string, error: unknown): FaultError {
  const cause = nameError(error);
  if (CERTIFICATE.test(cause)) {
    return new FaultError({
      code: 'certificate-refused',
      message: `the certificate of ${url} is not trusted`,
      cause,
      fix: 'for a certificate authority of your own: NODE_EXTRA_CA_CERTS=FILE buildit …',
      retry: { kind: 'no' },
    });
  }
  return new FaultError({
    code: 'api-unreachable',
    message: `the server ${url} does not answer`,
    cause,
    fix: 'check the address and the network, then try again',
    retry: { kind: 'yes', afterMs: 1_000 },
  });
}

/** An answer that is not the API's: a proxy, another program, a moved address. */
export function unknownAnswer(answer: IncomingMessage, text: string): Problem {
  const status = answer.statusCode ?? 500;
  const moved = answer.headers.location;
  return {
    type: 'docs/faults/api-unknown-answer.md',
    title: 'Unknown answer',
    status: status < 400 ? 502 : status,
    detail:
      moved === undefined
        ? `the answer (${status}) is not one of BuildIt's API`
        : `the server has moved (${status}) to ${moved}`,
    code: 'api-unknown-answer',
    requestId: String(answer.headers['x-request-id'] ?? ''),
    cause: text.slice(0, 200),
    retry: 'no',
    errors: [],
  };
}

function nameError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  // Several addresses were tried: the message of such an error is empty.
  return [code, error.message].filter(Boolean).join(' ');
}
