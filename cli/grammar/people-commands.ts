import { type CommandSpec, flag, list, value, word } from './spec.ts';

const SECRET = word('KEY', 'secret');
const SCOPES = {
  env: value('E', 'of this environment alone'),
  pipeline: value('P', 'of this pipeline alone'),
} as const;

/** Secrets, tokens, people and the record of what they did. */
export const PEOPLE_COMMANDS = {
  'secrets list': {
    path: ['secrets', 'list'],
    summary: 'names of secrets, never their values',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit secrets list'],
  },
  'secrets set': {
    path: ['secrets', 'set'],
    summary: 'set a secret, or a new value of it',
    details: ['The value comes from the prompt, from stdin or from a file, never from an argument.'],
    positionals: [SECRET],
    options: { 'from-file': value('F', 'take the bytes of a file'), ...SCOPES },
    examples: ['buildit secrets set NPM_TOKEN', 'buildit secrets set TLS_KEY --from-file tls.key --env production'],
  },
  'secrets delete': {
    path: ['secrets', 'delete'],
    summary: 'delete a secret with all its versions',
    details: ['Asks for a yes; --yes gives it.'],
    positionals: [SECRET],
    options: SCOPES,
    examples: ['buildit secrets delete NPM_TOKEN'],
  },
  'secrets access': {
    path: ['secrets', 'access'],
    summary: 'which stages got a secret, newest first',
    details: [],
    positionals: [SECRET],
    options: SCOPES,
    examples: ['buildit secrets access NPM_TOKEN'],
  },
  'tokens list': {
    path: ['tokens', 'list'],
    summary: 'API tokens, never their secrets',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit tokens list'],
  },
  'tokens create': {
    path: ['tokens', 'create'],
    summary: 'make an API token; its secret is printed once',
    details: ['A scope is a right like run:trigger; buildit whoami -o json lists yours.'],
    positionals: [word('NAME')],
    options: {
      scope: list('S', 'a right of the token; may be repeated'),
      'expires-in': value('D', 'how long it lasts, at most 365d (default 90d)'),
      organization: flag('for the whole organization instead of one workspace'),
    },
    examples: ['buildit tokens create ci --scope run:read --scope run:trigger --expires-in 30d > token.txt'],
  },
  'tokens revoke': {
    path: ['tokens', 'revoke'],
    summary: 'end an API token at once',
    details: [],
    positionals: [word('TOKEN', 'token')],
    options: {},
    examples: ['buildit tokens revoke ci'],
  },
  'members list': {
    path: ['members', 'list'],
    summary: 'people of the organization with their roles',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit members list'],
  },
  'members invite': {
    path: ['members', 'invite'],
    summary: 'invite somebody; prints the link to hand on',
    details: [
      'ROLE in the organization: owner, admin, member. Or in a workspace: viewer, developer, deployer, maintainer.',
    ],
    positionals: [word('EMAIL')],
    options: { role: value('ROLE', 'in the organization or the workspace (default member)') },
    examples: ['buildit members invite ann@example.com --role developer --workspace acme/shop'],
  },
  'members role': {
    path: ['members', 'role'],
    summary: 'change the role of a member',
    details: [
      'ROLE in the organization: owner, admin, member. Or in a workspace: viewer, developer, deployer, maintainer, or',
      'one of its own; there NAME may be team:NAME.',
    ],
    positionals: [word('NAME', 'member'), word('ROLE')],
    options: {},
    examples: ['buildit members role ann admin', 'buildit members role team:sre deployer --workspace acme/shop'],
  },
  'members remove': {
    path: ['members', 'remove'],
    summary: 'take a member out of the organization, with their tokens',
    details: ['Asks for a yes; --yes gives it.'],
    positionals: [word('NAME', 'member')],
    options: {},
    examples: ['buildit members remove ann'],
  },
  'audit list': {
    path: ['audit', 'list'],
    summary: 'what was done and refused, newest first',
    details: [],
    positionals: [],
    options: {},
    examples: ['buildit audit list --limit 20'],
  },
  'audit verify': {
    path: ['audit', 'verify'],
    summary: 'check that no line of the record was altered or removed',
    details: ['Exit 1 names the first line that is not as it was written.'],
    positionals: [],
    options: {},
    examples: ['buildit audit verify'],
  },
} as const satisfies Record<string, CommandSpec>;
