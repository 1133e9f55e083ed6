import { LOCAL_COMMANDS } from './local-commands.ts';
import { PEOPLE_COMMANDS } from './people-commands.ts';
import { PIPELINE_COMMANDS } from './pipeline-commands.ts';
import { PLACE_COMMANDS } from './place-commands.ts';
import { RUN_COMMANDS } from './run-commands.ts';
import { SERVER_COMMANDS } from './server-commands.ts';
import type { CommandSpec } from './spec.ts';

/**
 * Every command of this build. A word that is not here does not exist. The short forms
 * `logs`, `cancel`, `retry`, `trigger` are in {@link SHORT_FORMS}.
 */
export const COMMANDS = {
  ...LOCAL_COMMANDS,
  ...RUN_COMMANDS,
  ...PLACE_COMMANDS,
  ...PIPELINE_COMMANDS,
  ...PEOPLE_COMMANDS,
  ...SERVER_COMMANDS,
} as const satisfies Record<string, CommandSpec>;

export type Commands = typeof COMMANDS;
export type CommandName = keyof Commands;

/** First words that stand for a longer command. */
export const SHORT_FORMS: Readonly<Record<string, CommandName>> = {
  logs: 'runs logs',
  cancel: 'runs cancel',
  retry: 'runs retry',
  trigger: 'pipelines trigger',
};
