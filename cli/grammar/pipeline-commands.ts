import { type CommandSpec, flag, list, optionalWord, value, word } from './spec.ts';

const PIPELINE = word('NAME', 'pipeline');
const ENVIRONMENT = word('NAME', 'environment');

/** Pipelines and environments, and what waits for the caller. */
export const PIPELINE_COMMANDS = {
  'pipelines list': {
    path: ['pipelines', 'list'],
    summary: 'pipelines with their last run',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit pipelines list'],
  },
  'pipelines show': {
    path: ['pipelines', 'show'],
    summary: 'one pipeline with its text and last runs',
    details: [],
    positionals: [PIPELINE],
    options: {},
    examples: ['buildit pipelines show shop-api', 'buildit pipelines show shop-api -o json --fields text'],
  },
  'pipelines create': {
    path: ['pipelines', 'create'],
    summary: 'make a pipeline of a file',
    details: ['Without FILE: the one of the folder, as with run. The file is checked here first.'],
    positionals: [word('NAME'), optionalWord('FILE', 'file')],
    options: {
      description: value('T', 'what it is for'),
      message: value('T', 'why this version'),
    },
    examples: ['buildit pipelines create shop-api .buildit.kdl'],
  },
  'pipelines edit': {
    path: ['pipelines', 'edit'],
    summary: 'change the text of a pipeline in your editor, or from a file',
    details: ['Opens VISUAL, else EDITOR. A change somebody else has made meanwhile is not overwritten: exit 9.'],
    positionals: [PIPELINE, optionalWord('FILE', 'file')],
    options: { message: value('T', 'why this version') },
    examples: ['buildit pipelines edit shop-api', 'buildit pipelines edit shop-api .buildit.kdl --message "cache npm"'],
  },
  'pipelines trigger': {
    path: ['pipelines', 'trigger'],
    summary: 'start a run of a pipeline',
    details: ['With --follow the run is watched until it ends; leaving with Ctrl-C does not cancel it.'],
    positionals: [PIPELINE],
    options: {
      branch: value('B', 'branch to run'),
      param: list('K=V', 'value of a parameter; may be repeated'),
      follow: { ...flag('watch it until it ends'), short: 'f' },
    },
    examples: ['buildit trigger shop-api --branch main', 'buildit trigger shop-api --param version=1.2 --follow'],
  },
  'pipelines enable': {
    path: ['pipelines', 'enable'],
    summary: 'let a pipeline start runs again',
    details: [],
    positionals: [PIPELINE],
    options: {},
    examples: ['buildit pipelines enable shop-api'],
  },
  'pipelines disable': {
    path: ['pipelines', 'disable'],
    summary: 'let a pipeline start no runs; open ones go on',
    details: [],
    positionals: [PIPELINE],
    options: {},
    examples: ['buildit pipelines disable shop-api'],
  },
  inbox: {
    path: ['inbox'],
    summary: 'what waits for you: gates to decide, runs of yours, what is broken',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit inbox'],
  },
  'environments list': {
    path: ['environments', 'list'],
    summary: 'environments and their locks',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit environments list'],
  },
  'environments show': {
    path: ['environments', 'show'],
    summary: 'one environment',
    details: [],
    positionals: [ENVIRONMENT],
    options: {},
    examples: ['buildit environments show production'],
  },
  'environments lock': {
    path: ['environments', 'lock'],
    summary: 'let nothing change an environment',
    details: [],
    positionals: [ENVIRONMENT],
    options: { reason: value('T', 'why; required') },
    examples: ['buildit environments lock production --reason "database move"'],
  },
  'environments unlock': {
    path: ['environments', 'unlock'],
    summary: 'end the lock of an environment',
    details: [],
    positionals: [ENVIRONMENT],
    options: { reason: value('T', 'why; required') },
    examples: ['buildit environments unlock production --reason "moved"'],
  },
} as const satisfies Record<string, CommandSpec>;
