import * as z from 'zod/mini';
import { PIPELINE_OUTCOMES, PULL_REQUEST_TYPES, type Trigger } from '#core/trigger.ts';

const globs = z.array(z.string());
const branches = { branches: globs, branchesIgnore: globs };
const paths = { paths: globs, pathsIgnore: globs };

/** The form of one `on` in a plan. */
export const triggerSchema = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('push'), ...branches, tags: globs, ...paths }),
  z.strictObject({
    on: z.literal('pull_request'),
    ...branches,
    types: z.array(z.enum(PULL_REQUEST_TYPES)),
    ...paths,
    drafts: z.boolean(),
  }),
  z.strictObject({ on: z.literal('tag'), tags: globs }),
  z.strictObject({ on: z.literal('schedule'), cron: z.string(), timezone: z.string() }),
  z.strictObject({ on: z.literal('manual') }),
  z.strictObject({ on: z.literal('api') }),
  z.strictObject({ on: z.literal('comment'), match: z.string() }),
  z.strictObject({ on: z.literal('pipeline'), name: z.string(), outcome: z.array(z.enum(PIPELINE_OUTCOMES)) }),
]) satisfies z.ZodMiniType<Trigger>;
