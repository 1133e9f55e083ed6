import type { ServedPort } from '#api/serve.ts';
import { type CommandOptions, type Ended, type Home, openHome } from './home.ts';

/** A home whose commands speak to a server of the test, as one of its people. */
export interface ServerHome<Name extends string = string> extends Home {
  as(name: Name, ...args: string[] | [readonly string[], CommandOptions?]): Promise<Ended>;
  /** What makes a command speak to the server as one of its people. */
  environmentOf(name: Name): Record<string, string>;
}

export function openServerHome<Name extends string>(
  port: ServedPort,
  people: Record<Name, { bearer: string }>,
  workspace: string,
): ServerHome<Name> {
  const home = openHome();
  const environmentOf = (name: Name) => ({
    BUILDIT_SERVER: `http://127.0.0.1:${port.port}`,
    BUILDIT_TOKEN: people[name].bearer,
    BUILDIT_TENANT: workspace,
  });
  return {
    ...home,
    environmentOf,
    as(name, ...args) {
      const [words, options = {}] = (Array.isArray(args[0]) ? args : [args]) as [readonly string[], CommandOptions?];
      const environment = { ...environmentOf(name), ...options.environment };
      return home.run(words, { ...options, environment });
    },
  };
}
