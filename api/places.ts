import type { Database } from '#db/client.ts';
import { givePlaces } from '#db/queries/slots.ts';
import type { ChangeHub } from './stream/hub.ts';
import type { WorkflowGateway } from './workflows/gateway.ts';

/** Looks by itself this often, ms: should a notification, or a signal, be lost. */
const LOOK_MS = 5_000;

/** Hands out the places of workspaces whose stages at once are limited. */
export interface PlaceGiver {
  /** Resolves when it has let go. */
  stop(): Promise<void>;
}

/**
 * Gives places when one is free, wanted, or a quota has changed, and tells the runs. What is given stands in the
 * database first: killed before it told, it, or another one, tells again. Several may be at it at once.
 */
export function startPlaceGiver(deps: {
  database: Database;
  workflows: Pick<WorkflowGateway, 'tellPlaceGiven'>;
  hub: ChangeHub;
}): PlaceGiver {
  let isStopping = false;
  let isNudged = false;
  let working: Promise<void> | null = null;

  const give = async () => {
    while (isNudged && !isStopping) {
      isNudged = false;
      // What is away is tried again at the next look.
      const given = await givePlaces(deps.database).catch(() => []);
      await Promise.allSettled(given.map(({ runId, stage }) => deps.workflows.tellPlaceGiven(runId, stage)));
    }
  };
  const nudge = () => {
    isNudged = true;
    working ??= give().finally(() => {
      working = null;
      if (isNudged && !isStopping) nudge();
    });
  };
  const unlisten = deps.hub.listen('slots', nudge);
  const timer = setInterval(nudge, LOOK_MS);
  nudge();
  return {
    async stop() {
      isStopping = true;
      unlisten();
      clearInterval(timer);
      await working;
    },
  };
}
