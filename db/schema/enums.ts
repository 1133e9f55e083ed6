import { pgEnum } from 'drizzle-orm/pg-core';
import { ENDINGS } from '#core/ending.ts';
import { STATUS_KINDS } from '#core/run.ts';

/** How a run, a stage or a gate ends: the one const of core (STYLE, habit 3). */
export const ending = pgEnum('ending', ENDINGS);

export const statusKind = pgEnum('status_kind', STATUS_KINDS);
