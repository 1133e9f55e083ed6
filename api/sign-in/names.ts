import * as z from 'zod/mini';

/** Actors that are no accounts: `user:local` is whoever uses the socket. */
const RESERVED = ['local', 'system', 'buildit', 'anonymous'];

/** The handle in `user:ann`: as in addresses and mentions, so lower case. */
export const userNameSchema = z.string().check(
  z.regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'is 1 to 39 of a-z, 0-9 and -, and begins with no dash'),
  z.refine((name) => !RESERVED.includes(name), 'is reserved'),
);

export const emailSchema = z.email().check(z.maxLength(254));

/** What people see; it may be shown in a terminal, so no control characters and no change of direction. */
export const displayNameSchema = z
  .string()
  .check(
    z.trim(),
    z.minLength(1),
    z.maxLength(80),
    z.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'has control characters'),
  );
