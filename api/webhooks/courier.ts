import type { Database } from '#db/client.ts';
import {
  findNextDelivery,
  settleDelivery,
  takeDeliveries,
  type TakenDelivery,
} from '#db/queries/webhook-deliveries.ts';
import type { SealedText, TextSealer } from '#store/secret/text-sealer.ts';
import type { ChangeHub } from '../stream/hub.ts';
import { startWorkLoop, type WorkLoop } from '../work-loop.ts';
import { sendWebhook } from './send.ts';
import { signDelivery } from './sign.ts';

/** Brings deliveries to webhooks. */
export type Courier = Pick<WorkLoop, 'stop'>;

const BATCH = 8;
/** A try takes 10 s at most; a process that died is followed by another after this. */
const LEASE_MS = 60_000;
/** Looks by itself this often: should a notification be lost. */
const LOOK_MS = 30_000;
/** Looks again after this when the database is away; what was taken is due again after its lease. */
const AWAY_MS = 1_000;
/** Pauses after each failed try; after the last one it is given up. */
const PAUSES_MS = [5_000, 30_000, 120_000, 600_000, 3_600_000, 4 * 3_600_000, 12 * 3_600_000];

export interface CourierDeps {
  database: Database;
  hub: ChangeHub;
  sealer: TextSealer;
  /** Whether addresses of this machine and its networks may be called. */
  allowsPrivate: boolean;
}

/**
 * Delivers at least once: several processes share the rows, each is taken for a while, and one that nobody settles is
 * taken again. The receiver knows a repetition by its `webhook-id`.
 */
export function startCourier(deps: CourierDeps): Courier {
  return startWorkLoop(deps.hub, 'webhooks', AWAY_MS, async () => {
    const taken = await takeDeliveries(deps.database, BATCH, LEASE_MS);
    await Promise.all(taken.map((delivery) => deliver(deps, delivery)));
    return Math.min(LOOK_MS, (await findNextDelivery(deps.database)) ?? LOOK_MS);
  });
}

async function deliver(deps: CourierDeps, delivery: TakenDelivery): Promise<void> {
  const body = JSON.stringify(delivery.payload);
  const lastTry = await open(deps, delivery).then(
    (key) => {
      const headers = { ...signDelivery(key, delivery.id, body, new Date()), 'User-Agent': 'BuildIt' };
      return sendWebhook(delivery.url, body, headers, deps.allowsPrivate);
    },
    (error: unknown) => ({ status: null, ms: 0, error: error instanceof Error ? error.message : String(error) }),
  );
  const pause = PAUSES_MS[delivery.tries - 1];
  const state = lastTry.error === null ? 'delivered' : pause === undefined ? 'given-up' : 'pending';
  await settleDelivery(deps.database, delivery.id, { state, lastTry, againMs: pause ?? 0 });
}

function open({ sealer }: CourierDeps, { organizationId, webhookId, signingKey }: TakenDelivery): Promise<string> {
  return sealer.open(organizationId, purposeOf(webhookId), signingKey as SealedText);
}

/** What a signing key is sealed for. */
export function purposeOf(webhookId: string): string {
  return `signing key of webhook ${webhookId}`;
}
