import type { Context, MiddlewareHandler } from 'hono';
import type { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimits } from '#config/system/settings.ts';
import { answerProblem } from '../answer-problem.ts';
import { networkOf } from '../client-address.ts';
import type { ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';

const MINUTE_S = 60;

/** What a caller has left of its minute. */
interface Allowance {
  limit: number;
  remaining: number;
  /** Until the minute is over. */
  resetMs: number;
  isExceeded: boolean;
}

/** Counts the requests of callers, reads and writes apart, a minute each. */
export interface RateLimit {
  /**
   * Stands outside of authentication: writes what is left on every answer, and counts by address what has no caller (a
   * wrong token, no token).
   */
  outer: MiddlewareHandler<ApiEnvironment>;
  /** Stands inside: counts by caller. Throws 429 `rate-limited`. */
  inner: MiddlewareHandler<ApiEnvironment>;
}

/**
 * Each process counts for itself: with several APIs a caller has as many minutes. The socket is exempt, its user owns
 * the machine.
 */
export function limitRate(limits: RateLimits): RateLimit {
  let counters: Promise<{ reads: RateLimiterMemory; writes: RateLimiterMemory }> | undefined;
  const allowances = new WeakMap<Context, Allowance>();

  async function count(request: Context<ApiEnvironment>): Promise<Allowance> {
    // Loaded with the first request that counts: an engine without a port never has one.
    counters ??= createCounters(limits);
    const kind = isRead(request.req.method) ? 'reads' : 'writes';
    const principal = request.get('principal');
    const key = principal ? principal.callerId : `address:${networkOf(request.env.address)}`;
    const counter = (await counters)[kind];
    const state = await counter.consume(key).then(
      (left) => ({ left, isExceeded: false }),
      (left: unknown) => {
        if (left instanceof Error) throw left;
        return { left: left as RateLimiterRes, isExceeded: true };
      },
    );
    const { left, isExceeded } = state;
    return { limit: limits[kind], remaining: left.remainingPoints, resetMs: left.msBeforeNext, isExceeded };
  }

  return {
    async outer(request, next) {
      await next();
      if (request.env.isLocal) return;
      let allowance = allowances.get(request);
      if (!allowance) {
        allowance = await count(request);
        if (allowance.isExceeded) request.res = answerProblem(request, refuse(allowance));
      }
      request.header('RateLimit-Limit', String(allowance.limit));
      request.header('RateLimit-Remaining', String(allowance.remaining));
      request.header('RateLimit-Reset', String(Math.ceil(allowance.resetMs / 1_000)));
    },
    async inner(request, next) {
      if (!request.env.isLocal) {
        const allowance = await count(request);
        allowances.set(request, allowance);
        if (allowance.isExceeded) throw refuse(allowance);
      }
      await next();
    },
  };
}

async function createCounters(limits: RateLimits) {
  const { RateLimiterMemory } = await import('rate-limiter-flexible');
  const create = (points: number) => new RateLimiterMemory({ points, duration: MINUTE_S });
  return { reads: create(limits.reads), writes: create(limits.writes) };
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function refuse({ limit, resetMs }: Allowance): ProblemError {
  return new ProblemError(429, 'rate-limited', `more than ${limit} such requests in a minute`, {
    retry: { afterMs: resetMs },
    hint: 'follow GET /api/v1/stream instead of asking again and again',
  });
}
