import * as z from 'zod/mini';
import { isId } from '#db/id.ts';

const namePattern = z.string().check(
  z.regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'is 1 to 39 of a-z, 0-9 and -, and begins with no dash'),
  z.refine((name) => !isId(name), 'looks like an id'),
);

/** What teams and roles are called. */
export const nameSchema = namePattern;

/** First parts of addresses that are pages of their own (UI §3). */
export const PAGE_NAMES = [
  ...['admin', 'api', 'assets', 'docs', 'health', 'login', 'logout', 'metrics', 'ready', 'r', 'settings', 'setup'],
  ...['invitation', 'webhooks'],
];

export const organizationNameSchema = namePattern.check(z.refine((name) => !PAGE_NAMES.includes(name), 'is reserved'));

export const workspaceNameSchema = namePattern.check(z.refine((name) => name !== 'settings', 'is reserved'));

/** Where something is in a workspace, `org/workspace`. */
export const workspacePathSchema = z.string().check(z.regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'is ORGANIZATION/WORKSPACE'));
