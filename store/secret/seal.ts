import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What AES-256-GCM makes of bytes. */
export interface Sealed {
  /** 12 random bytes. */
  iv: Uint8Array;
  ciphertext: Uint8Array;
  /** 16 bytes. */
  tag: Uint8Array;
}

/** AES-256-GCM with a nonce of its own each time. `context` is authenticated with it. */
export function sealBytes(key: Uint8Array, bytes: Uint8Array, context: string): Sealed {
  const iv = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return { iv, ciphertext, tag: cipher.getAuthTag() };
}

/** The bytes again. Throws when key, context or a single bit is another. */
export function openBytes(key: Uint8Array, { iv, ciphertext, tag }: Sealed, context: string): Buffer {
  // Without the length Node would take a tag of 4 bytes, which can be guessed.
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

/** As {@link sealBytes}: nonce, tag and ciphertext in one, base64. */
export function sealText(key: Uint8Array, text: string, context: string): string {
  const { iv, ciphertext, tag } = sealBytes(key, Buffer.from(text), context);
  return Buffer.concat([iv, tag, ciphertext]).toString('base64');
}

/** The text again; throws as {@link openBytes}. */
export function unsealText(key: Uint8Array, sealed: string, context: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const iv = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  return openBytes(key, { iv, tag, ciphertext: bytes.subarray(NONCE_BYTES + TAG_BYTES) }, context).toString('utf8');
}
