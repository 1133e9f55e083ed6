import { createHmac } from 'node:crypto';

/** The nonce of an attempt's marks: every worker that has the host's key finds the same, no stage can guess it. */
export function deriveNonce(key: string, handle: string): string {
  return createHmac('sha256', key).update(handle).digest('hex').slice(0, 32);
}
