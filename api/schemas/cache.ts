import * as z from 'zod/mini';
import type { CacheUse } from '#core/cache.ts';
import type { CacheObject } from '#core/rest-caches.ts';
import { moment } from './status.ts';

export const cacheSchema = z.strictObject({
  id: z.uuid(),
  createdAt: moment,
  name: z.string(),
  scope: z.string(),
  key: z.string(),
  files: z.int(),
  bytes: z.int(),
  hits: z.int(),
  lastHitAt: z.nullable(moment),
  runId: z.nullable(z.uuid()),
  stage: z.string(),
  uses: z.strictObject({ hits: z.int(), misses: z.int() }),
}) satisfies z.ZodMiniType<CacheObject>;

/** Of one attempt. */
export const cacheUseSchema = z.strictObject({
  name: z.string(),
  key: z.string(),
  found: z.enum(['key', 'prefix', 'nothing']),
  entry: z.nullable(z.strictObject({ key: z.string(), scope: z.string(), bytes: z.int() })),
  restoreMs: z.int(),
  savedMs: z.nullable(z.int()),
  savedBytes: z.nullable(z.int()),
}) satisfies z.ZodMiniType<CacheUse>;

export const deletedCachesSchema = z.strictObject({ deleted: z.int(), bytes: z.int() });
