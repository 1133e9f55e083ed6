import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** A key as Standard Webhooks writes it. */
export function createSigningKey(): string {
  return `${PREFIX}${randomBytes(32).toString('base64')}`;
}

/** Headers of a delivery (Standard Webhooks): the receiver compares the signature, and refuses old times and ids it has. */
export function signDelivery(key: string, id: string, body: string, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signature = createHmac('sha256', Buffer.from(key.slice(PREFIX.length), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
