import type { LeftoverKind } from '#core/leftovers.ts';
import { addSwept, NOTHING_SWEPT, type Swept, type SweepStep, type SweepWalk } from '#store/swept.ts';

/** What a walk has come to since it was gone on with. `failed`: it cannot be gone on with. */
export interface Stretch {
  swept: Swept;
  troubles: string[];
  end: 'over' | 'cut' | 'failed';
}

/** So many troubles of one kind are told, and how many more there were. */
const TOLD = 3;

/** Goes on with a walk, a step at least, until it is over, aborted or late: `endsAt` of `performance.now()`. */
export async function goOn(walk: SweepWalk, endsAt: number, signal?: AbortSignal): Promise<Stretch> {
  const troubles: string[] = [];
  let swept = NOTHING_SWEPT;
  do {
    try {
      const step = await walk.next();
      if (step.done) return { swept, troubles, end: 'over' };
      if (step.value.kind === 'swept') swept = addSwept(swept, step.value.swept);
      if (step.value.kind === 'trouble') troubles.push(step.value.text);
    } catch (error) {
      return { swept, troubles: [...troubles, toText(error)], end: 'failed' };
    }
  } while (!signal?.aborted && performance.now() < endsAt);
  return { swept, troubles, end: 'cut' };
}

/** One step of a walk, which goes on whatever comes of it. */
export async function tryStep(what: string, step: () => Promise<SweepStep>): Promise<SweepStep> {
  try {
    return await step();
  } catch (error) {
    return { kind: 'trouble', text: `${what}: ${toText(error)}` };
  }
}

export function describeTroubles(kind: LeftoverKind, troubles: readonly string[]): string[] {
  const told = troubles.slice(0, TOLD).map((text) => `${kind}: ${text}`);
  return troubles.length > TOLD ? [...told, `${kind}: and ${troubles.length - TOLD} more`] : told;
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
