import { randomInt } from 'node:crypto';
import { v7 as createId } from 'uuid';
import type { DeviceCodeObject, DeviceTokensObject } from '#core/rest-sign-in.ts';
import type { Database } from '#db/client.ts';
import { insertCliSession, refreshCliSession } from '#db/queries/cli-sessions.ts';
import { insertDeviceGrant, markGrantUsed, pollDeviceGrant } from '#db/queries/device-grants.ts';
import { findUser } from '#db/queries/users.ts';
import type { AuditSource } from '../audit/record-audit.ts';
import { ProblemError } from '../problem.ts';
import { recordAccountEvent } from './account-audit.ts';
import { createSecret, createToken, hashSecret } from './token-text.ts';

const LIFE_MS = 10 * 60_000;
const INTERVAL_MS = 5_000;
/** A client that waits exactly the interval may be early by the time an answer takes. */
const TOLERANCE_MS = 1_000;

/** Consonants without Y: no word comes out, and nothing is mistaken for a digit (RFC 8628, 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const HALF = 4;

/** Begins the sign-in of a command line (RFC 8628). `page` is the address of the page that confirms. */
export async function requestDeviceCode(
  database: Database,
  from: { client: string; address: string; page: string },
): Promise<DeviceCodeObject> {
  const deviceCode = createSecret();
  const letters = Array.from({ length: 2 * HALF }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  await insertDeviceGrant(database, {
    ...{ id: createId(), client: from.client, address: from.address, lifeMs: LIFE_MS },
    ...{ deviceCodeHash: hashSecret(deviceCode), userCodeHash: hashUserCode(letters) },
  });
  const userCode = writeUserCode(letters);
  return {
    ...{ deviceCode, userCode, verificationUri: from.page },
    verificationUriComplete: `${from.page}?code=${userCode}`,
    ...{ expiresInMs: LIFE_MS, intervalMs: INTERVAL_MS },
  };
}

/** The code as it is shown: `BCDF-GHJK`. */
export function writeUserCode(text: string): string {
  const letters = normalizeUserCode(text);
  return `${letters.slice(0, HALF)}-${letters.slice(HALF)}`;
}

/** However somebody types it: case, blanks and dashes do not count. */
export function hashUserCode(text: string): string {
  return hashSecret(normalizeUserCode(text));
}

function normalizeUserCode(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z]/g, '');
}

/**
 * The tokens of a sign-in that a person has confirmed, once. Throws 400 `authorization-pending`, `slow-down`,
 * `device-code-expired`, 403 `access-denied`.
 */
export async function claimDeviceTokens(
  database: Database,
  deviceCode: string,
  from: Omit<AuditSource, 'actor'>,
): Promise<DeviceTokensObject> {
  const outcome = await database.begin(async (transaction) => {
    const grant = await pollDeviceGrant(transaction, hashSecret(deviceCode), INTERVAL_MS - TOLERANCE_MS);
    if (!grant || grant.isExpired || grant.state === 'used') return 'device-code-expired';
    if (grant.state === 'denied') return 'access-denied';
    if (grant.state === 'pending') return grant.isHurried ? 'slow-down' : 'authorization-pending';
    // Whoever confirmed has signed out or been signed out since: then the confirmation is worth nothing.
    const user = grant.userId === null ? null : await findUser(transaction, grant.userId);
    if (!user || grant.authenticatedAt === null) return 'access-denied';
    await markGrantUsed(transaction, grant.id);
    const tokens = createTokens();
    const id = createId();
    const expiresAt = await insertCliSession(transaction, {
      ...{ id, userId: user.id, client: grant.client, address: grant.address },
      ...{ ...tokens.hashes, authenticatedAt: grant.authenticatedAt },
    });
    const detail = { session: id, kind: 'cli', client: grant.client };
    const event = { action: 'session.create', account: user, detail } as const;
    await recordAccountEvent(transaction, { ...from, actor: `user:${user.name}` }, event);
    return { ...tokens.texts, expiresAt };
  });
  if (typeof outcome === 'object') return outcome;
  switch (outcome) {
    case 'authorization-pending':
      throw new ProblemError(400, outcome, 'the sign-in is not confirmed yet', { retry: { afterMs: INTERVAL_MS } });
    case 'slow-down':
      throw new ProblemError(400, outcome, 'asked too soon after the last time', { retry: { afterMs: INTERVAL_MS } });
    case 'device-code-expired':
      throw new ProblemError(400, outcome, 'the sign-in was not confirmed in time', { hint: 'sign in: buildit login' });
    case 'access-denied':
      throw new ProblemError(403, outcome, 'the sign-in was refused in the browser');
    default:
      return outcome satisfies never;
  }
}

/**
 * New tokens for a refresh token, which works once. Throws 401 `refresh-token-reused` and ends the session when it comes
 * again, 409 `refresh-raced` when another command of the same machine was faster by seconds.
 */
export async function refreshTokens(
  database: Database,
  refreshToken: string,
  from: Omit<AuditSource, 'actor'>,
): Promise<DeviceTokensObject> {
  const { texts, hashes } = createTokens();
  const outcome = await database.begin(async (transaction) => {
    const refreshed = await refreshCliSession(transaction, { oldHash: hashSecret(refreshToken), ...hashes });
    if (refreshed.kind === 'reused') {
      const detail = { session: refreshed.sessionId, reason: 'refresh-token-reused' };
      const event = { action: 'session.end', account: refreshed.user, detail } as const;
      await recordAccountEvent(transaction, { ...from, actor: 'system' }, event);
    }
    return refreshed;
  });
  switch (outcome.kind) {
    case 'refreshed':
      return { ...texts, expiresAt: outcome.accessExpiresAt };
    case 'raced':
      throw new ProblemError(409, 'refresh-raced', 'another command has just renewed this sign-in', {
        hint: 'read the stored tokens again',
        retry: { afterMs: 200 },
      });
    case 'reused':
      throw new ProblemError(401, 'refresh-token-reused', 'the token was used twice, so the sign-in has ended', {
        hint: 'sign in again: buildit login; if nobody copied the credentials of this machine, nothing else is to do',
      });
    case 'unknown':
      throw new ProblemError(401, 'not-signed-in', 'the sign-in has ended', { hint: 'sign in again: buildit login' });
    default:
      return outcome satisfies never;
  }
}

function createTokens() {
  const texts = { accessToken: createToken('bi_cli_'), refreshToken: createToken('bi_ref_') };
  const hashes = { accessHash: hashSecret(texts.accessToken), refreshHash: hashSecret(texts.refreshToken) };
  return { texts, hashes };
}
