import type { ServedPort } from '#api/serve.ts';
import { type CommandOptions, type Ended, type Home, openHome } from './home.ts';

/** A home whose commands speak to a server of the test, as one of its people. */
export interface ServerHome<Name extends string = string> extends Home {
  as(name: Name, ...args: string[] | [readonly string[], CommandOptions?]): Promise<Ended>;
}

export function openServerHome<Name extends string>(
  port: ServedPort,
  people: Record<Name, { bearer: string }>,
  workspace: string,
): ServerHome<Name> {
  const home = openHome();
  return {
    ...home,
    as(name, ...args) {
      const [words, options = {}] = (Array.isArray(args[0]) ? args : [args]) as [readonly string[], CommandOptions?];
      const environment = {
        BUILDIT_SERVER: `http://127.0.0.1:${port.port}`,
        BUILDIT_TOKEN: people[name].bearer,
        BUILDIT_TENANT: workspace,
        ...options.environment,
      };
      return home.run(words, { ...options, environment });
    },
  };
}
