import * as z from 'zod/mini';
import type { GroupObject, GroupPlace, ReleasePlaceRequest } from '#core/rest-groups.ts';
import { line } from './pipeline.ts';
import { canSchema, moment } from './status.ts';

const placeSchema = z.strictObject({
  id: z.string(),
  run: z.uuid(),
  label: z.string(),
  stage: z.nullable(z.string()),
  since: moment,
}) satisfies z.ZodMiniType<GroupPlace>;

export const groupSchema = z.strictObject({
  group: z.string(),
  limit: z.int(),
  holders: z.array(placeSchema),
  waiters: z.array(placeSchema),
  can: z.strictObject({ release: canSchema }),
}) satisfies z.ZodMiniType<GroupObject>;

export const releasePlaceSchema = z.strictObject({
  group: line(200),
  place: line(400),
  reason: line(1_000),
}) satisfies z.ZodMiniType<ReleasePlaceRequest>;
