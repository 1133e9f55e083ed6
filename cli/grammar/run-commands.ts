import { type CommandSpec, flag, list, optionalWord, value, word } from './spec.ts';

const RUN_WORD = word('RUN', 'run');
const NAMES_OF_RUNS =
  'RUN is an id, 17, local/17, shop-api#142, shop-api#142.2 (its second attempt), @last or a pasted web address.';

/** Runs, here or on a server. */
export const RUN_COMMANDS = {
  why: {
    path: ['why'],
    summary: 'why a stage ran, was skipped or waits, with the values that decided',
    details: [NAMES_OF_RUNS],
    positionals: [RUN_WORD, word('STAGE', 'stage')],
    options: {},
    examples: ['buildit why @last deploy'],
  },
  shell: {
    path: ['shell'],
    summary: 'a terminal in a stage: beside its newest attempt, or one that begins as it did',
    details: [
      NAMES_OF_RUNS,
      'While the attempt runs or is held the workspace is its own; after that it is as the stage found it.',
      'Secrets of the stage come into it after a yes (--yes) alone.',
    ],
    positionals: [RUN_WORD, word('STAGE', 'stage')],
    options: {},
    examples: ['buildit shell @last test'],
  },
  'runs list': {
    path: ['runs', 'list'],
    summary: 'runs, newest first',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit runs list --limit 5', 'buildit runs list -o json --fields label,status'],
  },
  'runs show': {
    path: ['runs', 'show'],
    summary: 'one run with its stages',
    details: [NAMES_OF_RUNS],
    positionals: [RUN_WORD],
    options: {},
    examples: ['buildit runs show @last'],
  },
  'runs logs': {
    path: ['runs', 'logs'],
    summary: 'what stages printed',
    details: [
      NAMES_OF_RUNS,
      'With --raw the bytes are exactly the stored ones; without it escape sequences other than colours are removed.',
    ],
    positionals: [RUN_WORD, optionalWord('STAGE', 'stage')],
    options: {
      follow: { ...flag('go on while the stage prints'), short: 'f' },
      tail: value('N', 'only the last N lines of each stage'),
      since: value('T', 'only lines of the last T (10m), or after a time (ISO)'),
      failed: flag('only stages that did not succeed'),
      raw: flag('the stored bytes, unchanged'),
    },
    examples: ['buildit logs @last test -f', 'buildit logs local/17 test --raw > test.log'],
  },
  'runs watch': {
    path: ['runs', 'watch'],
    summary: 'follow a run until it ends',
    details: [NAMES_OF_RUNS, 'Leaving with Ctrl-C does not cancel the run.'],
    positionals: [RUN_WORD],
    options: {},
    examples: ['buildit runs watch @last'],
  },
  'runs cancel': {
    path: ['runs', 'cancel'],
    summary: 'ask a run to stop; --force kills its stages at once',
    details: [NAMES_OF_RUNS],
    positionals: [RUN_WORD],
    options: { force: flag('no grace: end its containers and processes now') },
    examples: ['buildit cancel @last', 'buildit cancel local/17 --force'],
  },
  'runs pause': {
    path: ['runs', 'pause'],
    summary: 'let a run start nothing more; what runs goes on',
    details: [NAMES_OF_RUNS],
    positionals: [RUN_WORD],
    options: {},
    examples: ['buildit runs pause @last'],
  },
  'runs resume': {
    path: ['runs', 'resume'],
    summary: 'let a paused run go on',
    details: [NAMES_OF_RUNS],
    positionals: [RUN_WORD],
    options: {},
    examples: ['buildit runs resume @last'],
  },
  'runs compare': {
    path: ['runs', 'compare'],
    summary: 'what differs between two runs: endings, times, parameters, plan',
    details: [NAMES_OF_RUNS],
    positionals: [word('BASE', 'run'), word('HEAD', 'run')],
    options: {},
    examples: ['buildit runs compare shop-api#141 shop-api#142'],
  },
  'runs retry': {
    path: ['runs', 'retry'],
    summary: 'run again what failed, from the same source and plan',
    details: [NAMES_OF_RUNS, 'Without a choice: --failed. Passed results that are not touched are carried over.'],
    positionals: [RUN_WORD],
    options: {
      failed: flag('what failed and everything that depends on it'),
      from: value('STAGE', 'this stage and everything that depends on it'),
      leg: value('LEG', 'this leg of a matrix and everything that depends on it'),
      shell: flag('hold a stage that fails again, as it was left, and open a shell'),
      'secret-file': value('F', 'dotenv file with the values of secrets'),
    },
    examples: ['buildit retry @last --failed', "buildit retry local/17 --leg 'test[node=22]'"],
  },
  approve: {
    path: ['approve'],
    summary: 'approve a gate that waits',
    details: [NAMES_OF_RUNS, 'GATE may be left out when one gate waits.'],
    positionals: [RUN_WORD, optionalWord('GATE', 'gate')],
    options: {
      field: list('K=V', 'value of a field of the gate; may be repeated'),
      comment: value('T', 'a remark kept with the decision'),
      as: value('WHO', 'user:NAME or team:T/NAME; recorded as unverified'),
    },
    examples: ['buildit approve @last ship', 'buildit approve @last ship --as team:sre/ann'],
  },
  reject: {
    path: ['reject'],
    summary: 'reject a gate that waits',
    details: [NAMES_OF_RUNS, 'GATE may be left out when one gate waits. A rejection needs a comment.'],
    positionals: [RUN_WORD, optionalWord('GATE', 'gate')],
    options: {
      comment: value('T', 'why; required'),
      as: value('WHO', 'user:NAME or team:T/NAME; recorded as unverified'),
    },
    examples: ['buildit reject @last ship --comment "not on a Friday"'],
  },
  'artifacts list': {
    path: ['artifacts', 'list'],
    summary: 'what the stages of a run kept',
    details: [NAMES_OF_RUNS],
    positionals: [RUN_WORD],
    options: {},
    examples: ['buildit artifacts list @last'],
  },
  'artifacts get': {
    path: ['artifacts', 'get'],
    summary: 'unpack an artifact into a folder',
    details: [
      NAMES_OF_RUNS,
      'NAME is the name of the artifact, or STAGE/NAME when several stages have one of that name.',
    ],
    positionals: [RUN_WORD, word('NAME', 'artifact')],
    options: {
      to: value('DIR', 'folder to unpack into (default: the current one)'),
      verify: flag('compare every file with its digest and write nothing'),
    },
    examples: ['buildit artifacts get @last dist --to out'],
  },
} as const satisfies Record<string, CommandSpec>;
