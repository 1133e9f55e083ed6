import { type CommandSpec, flag, list, value, word } from './spec.ts';

/** Commands of who runs a server. */
export const SERVER_COMMANDS = {
  server: {
    path: ['server'],
    summary: 'serve the API on a port, with the engine of this machine or with servers of your own',
    details: [
      'With DATABASE_URL and TEMPORAL_ADDRESS set it uses those; without them the engine of this machine, which it starts.',
      'Ctrl-C closes the port and stops the engine unless somebody else is connected to it.',
      'Open runs go on with the next start.',
    ],
    positionals: [],
    options: {
      port: value('P', 'listen on this port and no other (default: 30080 or the next free one)'),
      host: value('H', 'listen on this address (default 127.0.0.1)'),
      'public-url': value('U', 'how people reach the server, when something stands before it'),
      'insecure-http': flag('accept plain http beyond this machine'),
      only: value('WHAT', 'one process of the server: api or worker', ['api', 'worker']),
      queue: list('Q', 'what a worker takes: control or hosts; may be repeated'),
      config: value('F', 'system file instead of ./system.kdl or the one of the machine'),
    },
    isHere: true,
    examples: ['buildit server', 'buildit server --host 0.0.0.0 --public-url https://ci.example.com --insecure-http'],
  },
  backup: {
    path: ['backup'],
    summary: 'write one archive of database, objects and keys; runs go on meanwhile',
    details: [
      'Whoever has the archive can open every secret in it: keep it as you keep the server.',
      'With DATABASE_URL and TEMPORAL_ADDRESS set it is that server, else the engine of this machine.',
    ],
    positionals: [word('FILE', 'file')],
    options: {},
    isHere: true,
    examples: ['buildit backup buildit-monday.tar'],
  },
  restore: {
    path: ['restore'],
    summary: 'make a new installation of an archive',
    details: [
      'Only into one that nobody has used: set BUILDIT_DATA to a new folder, or DATABASE_URL to an empty database.',
      'Runs that were open have no workflow here: within a minute or two they end errored (workflow-lost).',
    ],
    positionals: [word('FILE', 'file')],
    options: {},
    isHere: true,
    examples: ['BUILDIT_DATA=/srv/buildit buildit restore buildit-monday.tar'],
  },
} as const satisfies Record<string, CommandSpec>;
