import { createHmac } from 'node:crypto';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Keyring } from './keyring.ts';
import { openBytes, sealBytes } from './seal.ts';

/** A text as it may lie in a `json` column. */
export interface SealedText {
  keyId: string;
  /** Base64, as the others. */
  iv: string;
  ciphertext: string;
  tag: string;
}

/** Seals single texts that are no secrets of stages, under the key of their organization: the key of a webhook. */
export interface TextSealer {
  /** `purpose` says what the text is and whose: it opens for the same one only. */
  seal(organizationId: string, purpose: string, text: string): Promise<SealedText>;
  /** Throws the fault `text-unsealable`. */
  open(organizationId: string, purpose: string, sealed: SealedText): Promise<string>;
  /** Tells equal texts of an organization from others, and nothing to who has no key. */
  fingerprint(organizationId: string, text: string): Promise<string>;
}

export function createTextSealer(keyring: Keyring): TextSealer {
  const contextOf = (organizationId: string, purpose: string) => JSON.stringify(['text', organizationId, purpose]);
  return {
    async seal(organizationId, purpose, text) {
      const { id, key } = await keyring.use(organizationId);
      const { iv, ciphertext, tag } = sealBytes(key, Buffer.from(text), contextOf(organizationId, purpose));
      return { keyId: id, iv: toBase64(iv), ciphertext: toBase64(ciphertext), tag: toBase64(tag) };
    },
    async open(organizationId, purpose, { keyId, ...sealed }) {
      const { key } = await keyring.find(organizationId, keyId);
      const [iv, ciphertext, tag] = [sealed.iv, sealed.ciphertext, sealed.tag].map((text) =>
        Buffer.from(text, 'base64'),
      );
      try {
        if (!iv || !ciphertext || !tag) throw new Error('a part is missing');
        return openBytes(key, { iv, ciphertext, tag }, contextOf(organizationId, purpose)).toString('utf8');
      } catch (thrown) {
        throw createUnsealable(purpose, thrown);
      }
    },
    async fingerprint(organizationId, text) {
      const { key } = await keyring.use(organizationId);
      return createHmac('sha256', key).update('fingerprint\n').update(text).digest('hex');
    },
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function createUnsealable(purpose: string, thrown: unknown): FaultError {
  return new FaultError({
    code: 'text-unsealable',
    message: `The sealed ${purpose} does not open`,
    cause: thrown instanceof Error ? thrown.message : String(thrown),
    fix: 'It was changed in the database: set it again',
    retry: NO_RETRY,
  });
}
