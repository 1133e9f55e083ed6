import type { Reason } from './attempt.ts';

/** Code of the reason for which a stage waits for a place of its workspace. */
export const QUOTA_REASON = 'quota';

/** Why a stage waits for a place of its workspace. */
export interface PlaceWanted {
  /** Stages that come before it. */
  ahead: number;
  /** Stages of the workspace at once. */
  limit: number;
  /** `acme/shop` */
  workspace: string;
}

/** `3 ahead; quota of acme/shop: 4 stages at once` */
export function describePlaceWanted({ ahead, limit, workspace }: PlaceWanted): Reason {
  const place = ahead === 0 ? 'next' : `${ahead} ahead`;
  const quota = `quota of ${workspace}: ${limit} ${limit === 1 ? 'stage' : 'stages'} at once`;
  return {
    code: QUOTA_REASON,
    message: `${place}; ${quota}`,
    values: { ahead: String(ahead), limit: String(limit), workspace },
  };
}
