import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { findNearest } from '../grammar/nearest.ts';
import type { ConfigFile, Context } from './config-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command speaks to: the local engine, or a server. */
export type Place = { kind: 'local' } | ServerPlace;

export interface ServerPlace {
  kind: 'server';
  /** Name of the saved sign-in; null for a server that BUILDIT_SERVER names and nobody has signed in to. */
  context: string | null;
  /** Without a slash at its end. */
  url: string;
  /** `acme/shop`; null leaves it to the server, which knows when there is one alone. */
  workspace: string | null;
  /** From BUILDIT_TOKEN; null takes what was saved at sign-in. */
  token: string | null;
}

/** The context that needs no sign-in: this machine's engine. */
export const LOCAL = 'local';

/** What names a place, in the order of its weight: flag, variable, file (UI §8). */
export interface PlaceSources {
  flags: { context: string | null; workspace: string | null };
  environment: Environment;
  config: ConfigFile;
}

/** Which place the command is for. Throws exit 5 for a context that is not there, exit 2 for what contradicts itself. */
export function choosePlace({ flags, environment, config }: PlaceSources): Place {
  const server = environment['BUILDIT_SERVER'];
  const chosen = flags.context ?? (server ? null : (config.settings.use?.value ?? null));
  const workspace = flags.workspace ?? (environment['BUILDIT_TENANT'] || null);
  const token = environment['BUILDIT_TOKEN'] || null;
  if (chosen !== null && chosen !== LOCAL) {
    const context = findContext(config, chosen);
    const { server: at, workspace: own } = context;
    return {
      kind: 'server',
      context: context.name,
      url: at.value,
      workspace: checkWorkspace(workspace ?? own?.value ?? null),
      token,
    };
  }
  if (chosen === null && server) {
    const url = readServerUrl(server);
    const known = config.contexts.find((context) => context.server.value === url);
    return {
      kind: 'server',
      context: known?.name ?? null,
      url,
      workspace: checkWorkspace(workspace ?? known?.workspace?.value ?? null),
      token,
    };
  }
  if (workspace !== null && workspace !== 'main/main') {
    throw new CommandError(EXIT.notFound, {
      code: 'workspace-unknown',
      message: `there is no workspace "${workspace}" on this machine`,
      fix: 'local runs live in main/main; for a server name it: --context C, or sign in: buildit login URL',
    });
  }
  if (token !== null && chosen === null) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'BUILDIT_TOKEN is set, but nothing says for which server',
      fix: `set BUILDIT_SERVER too; for the engine of this machine: --context ${LOCAL}`,
    });
  }
  return { kind: 'local' };
}

function findContext(config: ConfigFile, name: string): Context {
  const found = config.contexts.find((context) => context.name === name);
  if (found) return found;
  const names = [LOCAL, ...config.contexts.map((context) => context.name)];
  const near = findNearest(name, names);
  throw new CommandError(EXIT.notFound, {
    code: 'context-unknown',
    message: `there is no saved sign-in "${name}"`,
    fix:
      near === null
        ? `buildit login URL --name ${name} makes one; there are ${names.join(', ')}`
        : `did you mean "${near}"?`,
  });
}

/** `O/W` as it is; exit 2 for what is no name of a workspace. */
export function checkWorkspace<Name extends string | null>(written: Name): Name {
  if (written === null || /^[^/\s]+\/[^/\s]+$/.test(written)) return written;
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `a workspace is written O/W, not "${written}"`,
    fix: 'for example --workspace acme/shop',
  });
}

/** The address of a server as it is kept: with its scheme, without a slash at the end. Throws exit 2. */
export function readServerUrl(written: string): string {
  const isLoopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::|\/|$)/.test(written);
  const whole = /^[a-z]+:\/\//i.test(written) ? written : `${isLoopback ? 'http' : 'https'}://${written}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === '') {
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  }
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `"${written}" is no address of a server`,
    fix: 'write it like https://ci.example.com',
  });
}

/** The workspace to name in a request; null on this machine, which has one alone, and where the server knows. */
export function workspaceOf(place: Place): string | null {
  return place.kind === 'server' ? place.workspace : null;
}
