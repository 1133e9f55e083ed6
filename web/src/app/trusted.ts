interface ScriptAddressPolicy {
  createScriptURL(address: string): unknown;
}

/** Not in every browser yet, nor in TypeScript's library. */
declare const trustedTypes:
  | { createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptAddressPolicy }
  | undefined;

/**
 * The one policy that turns an address into that of a script, as the page's policy names it (api/web/policy.ts). It lets
 * the workers of this very build pass and nothing else.
 */
const policy =
  typeof trustedTypes === 'undefined'
    ? null
    : trustedTypes.createPolicy('buildit', {
        createScriptURL: (address) => {
          const { origin, pathname } = new URL(address, location.href);
          if (origin === location.origin && pathname.startsWith('/assets/')) return address;
          throw new TypeError(`${address} is no script of this page`);
        },
      });

/** Address of a worker (`import url from './x.ts?worker&url'`), as its constructor takes it. */
export function trustScript(address: string): string {
  return (policy?.createScriptURL(address) ?? address) as string;
}
