import { type CommandSpec, flag, list, manyWords, optionalWord, value, word } from './spec.ts';

const RUN_WORD = word('RUN', 'run');
const NAMES_OF_RUNS = 'RUN is an id, 17, local/17, local/17.2 (its second attempt) or @last.';

/**
 * Every command of this build. A word that is not here does not exist. The short forms
 * `logs`, `cancel`, `retry` are in {@link SHORT_FORMS}.
 */
export const COMMANDS = {
  run: {
    path: ['run'],
    summary: 'run a pipeline file here',
    details: [
      'Without FILE: .buildit.kdl, buildit.kdl, or the only *.kdl in .buildit/, here or in a folder above.',
      'Ctrl-C asks for a cancel, a second one forces it, a third leaves at once. Closing the terminal leaves the run going.',
    ],
    positionals: [optionalWord('FILE', 'file')],
    options: {
      stage: list('N', 'this stage and its ancestors only; may be repeated'),
      param: list('K=V', 'value of a parameter; may be repeated'),
      executor: value('KIND', 'docker or process, instead of what the file says', ['docker', 'process']),
      'max-parallel': value('N', 'at most N stages at once'),
      'secret-file': value('F', 'dotenv file with the values of secrets'),
      'env-file': value('F', 'dotenv file, the lowest layer of environment'),
      approve: list('GATE', 'approve this gate as soon as it asks; may be repeated'),
      detach: flag('start the run, print its name and leave'),
      'in-place': flag('work in the folder itself, without a snapshot of it'),
      git: flag('give stages a .git with tags, shallow'),
    },
    examples: ['buildit run examples/hello.kdl', 'buildit run --stage test --param version=1.2'],
  },
  validate: {
    path: ['validate'],
    summary: 'check pipeline files without running them',
    details: ['Prints every problem with its place; exit 2 when there is an error.'],
    positionals: [manyWords('FILE', 'file')],
    options: {},
    formats: ['text', 'json', 'github', 'sarif'],
    examples: ['buildit validate', 'buildit validate --format sarif examples/*.kdl'],
  },
  explain: {
    path: ['explain'],
    summary: 'the effective file, with where each line comes from',
    details: [],
    positionals: [optionalWord('FILE', 'file'), optionalWord('STAGE', 'none')],
    options: {},
    examples: ['buildit explain', 'buildit explain .buildit.kdl test'],
  },
  why: {
    path: ['why'],
    summary: 'why a stage ran, was skipped or waits, with the values that decided',
    details: [NAMES_OF_RUNS],
    positionals: [RUN_WORD, word('STAGE', 'stage')],
    options: {},
    examples: ['buildit why @last deploy'],
  },
  doctor: {
    path: ['doctor'],
    summary: 'check this machine, one line a check, with the fix',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit doctor'],
  },
  help: {
    path: ['help'],
    summary: 'explain a command, or the code of an error',
    details: [],
    positionals: [manyWords('COMMAND|CODE', 'topic')],
    options: {},
    examples: ['buildit help runs logs', 'buildit help docker-unreachable'],
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
  'runs retry': {
    path: ['runs', 'retry'],
    summary: 'run again what failed, from the same source and plan',
    details: [NAMES_OF_RUNS, 'Without a choice: --failed. Passed results that are not touched are carried over.'],
    positionals: [RUN_WORD],
    options: {
      failed: flag('what failed and everything that depends on it'),
      from: value('STAGE', 'this stage and everything that depends on it'),
      leg: value('LEG', 'this leg of a matrix and everything that depends on it'),
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
  'engine status': {
    path: ['engine', 'status'],
    summary: 'the processes of the local engine',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit engine status -o json'],
  },
  'engine stop': {
    path: ['engine', 'stop'],
    summary: 'stop the local engine; open runs go on when it starts again',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit engine stop'],
  },
  'engine logs': {
    path: ['engine', 'logs'],
    summary: 'what the processes of the local engine wrote',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit engine logs'],
  },
  completion: {
    path: ['completion'],
    summary: 'a completion script for bash, zsh or fish',
    details: ['bash: source <(buildit completion bash)'],
    positionals: [word('SHELL', 'shell')],
    options: {},
    examples: ['buildit completion zsh > ~/.zfunc/_buildit'],
  },
} as const satisfies Record<string, CommandSpec>;

export type Commands = typeof COMMANDS;
export type CommandName = keyof Commands;

/** First words that stand for a longer command. */
export const SHORT_FORMS: Readonly<Record<string, CommandName>> = {
  logs: 'runs logs',
  cancel: 'runs cancel',
  retry: 'runs retry',
};
