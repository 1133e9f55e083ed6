import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Kinds of tokens, by how they begin (I21): scanners of leaked secrets and our own masking know them by it. */
export type TokenPrefix = 'bi_pat_' | 'bi_org_' | 'bi_cli_' | 'bi_ref_';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 is the first power above 2^256. */
const SECRET_LENGTH = 43;
const CHECK_LENGTH = 6;

/** A new token: 32 random bytes in base 62, and a check sum that tells a mistyped one from a wrong one. */
export function createToken(prefix: TokenPrefix): string {
  const secret = writeBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET_LENGTH);
  return `${prefix}${secret}${checkSumOf(`${prefix}${secret}`)}`;
}

/** Whether a text can be a token of ours at all; says nothing of whether it is valid. */
export function isTokenText(text: string, prefix: TokenPrefix): boolean {
  if (!text.startsWith(prefix) || text.length !== prefix.length + SECRET_LENGTH + CHECK_LENGTH) return false;
  return checkSumOf(text.slice(0, -CHECK_LENGTH)) === text.slice(-CHECK_LENGTH);
}

/** 32 random bytes for a cookie, a link or a device code. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is kept of a token. One round of SHA-256 is enough for 256 random bits; and as rows are found by the hash, the
 * time of a search tells nothing of a token.
 */
export function hashSecret(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function checkSumOf(text: string): string {
  return writeBase62(BigInt(crc32(text)), CHECK_LENGTH);
}

function writeBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = `${DIGITS[Number(rest % 62n)]}${text}`;
  return text;
}
