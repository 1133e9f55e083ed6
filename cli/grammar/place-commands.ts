import { type CommandSpec, flag, optionalWord, value, word } from './spec.ts';

/** Where commands go, and who goes there. */
export const PLACE_COMMANDS = {
  login: {
    path: ['login'],
    summary: 'sign in to a server and use it from now on',
    details: [
      'Prints an address and a code; open it, compare the code, confirm. Without URL: the server in use.',
      'What was got is kept in ~/.buildit/credentials, for you alone.',
    ],
    positionals: [optionalWord('URL')],
    options: {
      'with-token': flag('take an API token from the prompt or stdin instead'),
      name: value('CTX', 'name of the context (default: the host)'),
    },
    examples: ['buildit login https://ci.example.com', 'buildit login https://ci.example.com --with-token < token.txt'],
  },
  logout: {
    path: ['logout'],
    summary: 'end the session and forget its tokens',
    details: ['The context stays; buildit login signs in to it again.'],
    positionals: [],
    options: {},
    examples: ['buildit logout', 'buildit logout --context work'],
  },
  whoami: {
    path: ['whoami'],
    summary: 'who is signed in, and where they may do what',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit whoami', 'buildit whoami -o json --fields actor'],
  },
  open: {
    path: ['open'],
    summary: 'open a page in the browser',
    details: [
      'OBJECT is a run or the name of a pipeline; without it the start page. The address is printed as well.',
      'Pages of this machine need a server that runs here (npm start); the link signs you in, once.',
    ],
    positionals: [optionalWord('OBJECT', 'run')],
    options: {},
    examples: ['buildit open', 'buildit open shop-api#142'],
  },
  'config list': {
    path: ['config', 'list'],
    summary: 'settings and contexts, and what a server that is started here would have',
    details: [],
    positionals: [],
    options: {
      origin: flag('also where each value comes from'),
      config: value('F', 'system file instead of ./system.kdl or the one of the machine'),
    },
    examples: ['buildit config list --origin'],
  },
  'config validate': {
    path: ['config', 'validate'],
    summary: 'check the system file and the pipeline files of this folder',
    details: ['Prints every problem with its place; exit 2 when there is an error.'],
    positionals: [],
    options: { config: value('F', 'system file instead of ./system.kdl or the one of the machine') },
    isHere: true,
    examples: ['buildit config validate', 'buildit config validate --config /etc/buildit/system.kdl'],
  },
  'config get': {
    path: ['config', 'get'],
    summary: 'one setting',
    details: [],
    positionals: [word('NAME', 'setting')],
    options: {},
    examples: ['buildit config get workspace'],
  },
  'config set': {
    path: ['config', 'set'],
    summary: 'change a setting in ~/.buildit/config',
    details: ['NAME is format, ui, color, or workspace of the context in use.'],
    positionals: [word('NAME', 'setting'), word('VALUE')],
    options: {},
    examples: ['buildit config set format json', 'buildit config set workspace acme/shop'],
  },
  'config use': {
    path: ['config', 'use'],
    summary: 'use a context from now on; local is the engine of this machine',
    details: [],
    positionals: [word('CTX', 'context')],
    options: {},
    examples: ['buildit config use work', 'buildit config use local'],
  },
} as const satisfies Record<string, CommandSpec>;
