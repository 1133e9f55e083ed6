import { pgEnum } from 'drizzle-orm/pg-core';
import { ENDINGS } from '#core/ending.ts';

/** How a run, a stage or a gate ends: the one const of core (STYLE, habit 3). */
export const ending = pgEnum('ending', ENDINGS);

/** Kinds of `Status` (core/run.ts), in the order a run goes through them. */
export const STATUS_KINDS = ['waiting', 'queued', 'running', 'cancelling', 'paused', 'ended'] as const;
export const statusKind = pgEnum('status_kind', STATUS_KINDS);
