import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';
import { ProblemError } from '../problem.ts';
import { takeTurn } from './turns.ts';

/** Length alone counts; rules of composition make passwords worse (NIST SP 800-63B, 3.1.1). */
export const PASSWORD_LENGTH = { least: 12, most: 256 } as const;

/** What OWASP's cheat sheet asks of Argon2id at least: about 40 ms and 19 MiB a password. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_BYTES = 32;
const SALT_BYTES = 16;

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>;

/** A password as a PHC string with its own cost, `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await deriveTag(password, salt, COST);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${encode(salt)}$${encode(tag)}`;
}

/**
 * Whether the password is the one of the hash. Null (no such account, or one without a password) costs as much as a
 * wrong password: the time of an answer does not tell who has an account.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const kept = hash === null ? NOBODY : parseHash(hash);
  const tag = await deriveTag(password, kept.salt, kept.cost);
  return timingSafeEqual(tag, kept.tag) && hash !== null;
}

/** Throws 422 `password-weak` for a password that is too short, too long, or the account's own name. */
export function checkPassword(password: string, names: readonly string[], pointer = '/password'): void {
  const flaw = findFlaw(password, names);
  if (flaw === null) return;
  throw new ProblemError(422, 'password-weak', flaw, {
    hint: 'several words that do not belong together are easy to keep in mind',
    errors: [{ pointer, code: 'password-weak', message: flaw }],
  });
}

function findFlaw(password: string, names: readonly string[]): string | null {
  // By code points, so that a letter of any script is one.
  const { length } = Array.from(password);
  if (length < PASSWORD_LENGTH.least) return `a password has at least ${PASSWORD_LENGTH.least} characters`;
  if (length > PASSWORD_LENGTH.most) return `a password has at most ${PASSWORD_LENGTH.most} characters`;
  const lower = password.toLowerCase();
  if (names.some((name) => name.toLowerCase() === lower)) return 'a password is not the name or e-mail of the account';
  return null;
}

interface KeptHash {
  cost: { memory: number; passes: number; parallelism: number };
  salt: Buffer;
  tag: Buffer;
}

const NOBODY: KeptHash = { cost: COST, salt: Buffer.alloc(SALT_BYTES), tag: Buffer.alloc(TAG_BYTES) };

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parseHash(hash: string): KeptHash {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(hash) ?? [];
  if (!salt || !tag) throw new Error('the password hash of an account is damaged');
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

function deriveTag(password: string, salt: Buffer, cost: KeptHash['cost']): Promise<Buffer> {
  // The same text may be typed in several forms of Unicode.
  const message = password.normalize('NFKC');
  return takeTurn(() => derive('argon2id', { message, nonce: salt, tagLength: TAG_BYTES, ...cost }));
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
