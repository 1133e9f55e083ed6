import { ProblemError } from '../problem.ts';

/** At the same time: a password takes a thread of the pool that files are read with, too, and leaves some. */
const AT_ONCE = 2;
/** About two seconds of work. */
const MOST_WAITING = 50;

let working = 0;
const waiting: (() => void)[] = [];

/**
 * Does work on passwords two at a time: anybody may ask for it, also without an account, and from many addresses. Throws
 * 503 `sign-in-busy` when too much waits already.
 */
export async function takeTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (working < AT_ONCE) {
    working += 1;
  } else {
    if (waiting.length >= MOST_WAITING) {
      throw new ProblemError(503, 'sign-in-busy', 'too many sign-ins at this moment', { retry: { afterMs: 2_000 } });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  try {
    return await work();
  } finally {
    // The turn goes on to the next one.
    const next = waiting.shift();
    if (next) next();
    else working -= 1;
  }
}
