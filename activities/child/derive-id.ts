import { createHash } from 'node:crypto';

/**
 * The id of the run that an attempt starts: the same however often it asks. A UUIDv7 (RFC 9562) of its parent's moment,
 * since lists and quotas go by the order of ids.
 */
export function deriveId({ runId, stage, attempt }: { runId: string; stage: string; attempt: number }): string {
  const hex = createHash('sha256').update(`${runId} ${stage} ${attempt}`).digest('hex');
  const moment = runId.slice(0, '00000000-0000'.length);
  return `${moment}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}
