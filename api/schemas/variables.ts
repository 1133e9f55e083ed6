import * as z from 'zod/mini';
import type { PipelineVariablesObject, ReplaceVariablesRequest } from '#core/rest-pipelines.ts';
import { canSchema, moment } from './status.ts';

const MOST = 200;
const MOST_CHARACTERS = 65_536;

export const variablesSchema = z.strictObject({
  variables: z.record(z.string(), z.string()),
  version: z.int(),
  updatedAt: z.nullable(moment),
  updatedBy: z.nullable(z.string()),
  can: z.strictObject({ write: canSchema }),
}) satisfies z.ZodMiniType<PipelineVariablesObject>;

/** As a shell names them. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
/** What BuildIt says about a run is not the user's to change. */
const OURS = /^BUILDIT(?:_|$)/;

const value = z.string().check(
  z.maxLength(10_000),
  z.refine((text) => !text.includes('\0'), 'holds a NUL byte, which no environment can carry'),
);

export const replaceVariablesSchema = z.strictObject({
  variables: z.record(z.string(), value).check(
    z.refine(
      (all) => Object.keys(all).every((name) => NAME.test(name)),
      'have a name that is none: letters, digits and _, at most 100, not beginning with a digit',
    ),
    z.refine(
      (all) => !Object.keys(all).some((name) => OURS.test(name)),
      'have a name that begins with BUILDIT_: those are those of BuildIt',
    ),
    z.refine((all) => Object.keys(all).length <= MOST, `are more than ${MOST}`),
    z.refine(
      (all) => Object.entries(all).reduce((sum, [key, text]) => sum + key.length + text.length, 0) <= MOST_CHARACTERS,
      `are more than ${MOST_CHARACTERS} characters`,
    ),
  ),
}) satisfies z.ZodMiniType<ReplaceVariablesRequest>;
