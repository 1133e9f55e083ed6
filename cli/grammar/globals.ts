import { flag, list, value } from './spec.ts';

export const FORMATS = ['table', 'json', 'yaml', 'ndjson', 'name'] as const;

export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;

/** Flags that every command takes (UI §8, "Global flags"). */
export const GLOBAL_OPTIONS = {
  format: { ...value('FORMAT', `how to print the answer: ${FORMATS.join(', ')}`), short: 'o' },
  fields: list('A,B', 'only these fields of each object'),
  'no-headers': flag('leave the header line out of tables'),
  limit: value('N', 'at most N entries of a list (default 50)'),
  all: flag('every entry of a list, and where a command says so, everything'),
  workspace: value('O/W', 'organisation and workspace'),
  context: value('C', 'a saved sign-in'),
  quiet: flag('no progress on stderr, only errors'),
  verbose: flag('say more about what happens'),
  debug: flag('stack traces and timings'),
  color: value('WHEN', 'auto, always or never', COLOR_CHOICES),
  yes: flag('answer yes where a yes is asked'),
  'no-input': flag('never prompt'),
  'no-wait': flag('do not wait for decisions or verdicts'),
  timeout: value('D', 'wait at most D (30s, 5m), then exit 124'),
  help: flag('what this command does', 'h'),
} as const;
