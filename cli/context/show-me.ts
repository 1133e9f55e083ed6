import type { MeObject } from '#core/rest-sign-in.ts';
import type { AnyCall } from '../call.ts';
import { printOptions } from '../output/list.ts';
import { printObjects } from '../output/print.ts';

/** `acme/shop` of each workspace. */
export function describeMe(me: MeObject): string[] {
  return me.organizations.flatMap((organization) =>
    organization.workspaces.map((workspace) => `${organization.name}/${workspace.name}`),
  );
}

/** Who it is: a line for each workspace with what may be done there, or the object as data. */
export async function printMe(call: AnyCall, me: MeObject): Promise<void> {
  const print = printOptions(call);
  if (call.format !== 'table') {
    const shown = { items: [me], columns: [], nameOf: ({ actor }: MeObject) => actor, isList: false };
    await printObjects(call.screen, shown, print);
    return;
  }
  const rows = me.organizations.flatMap(({ name, role, workspaces }) =>
    (workspaces.length > 0 ? workspaces : [null]).map((workspace) => ({
      workspace: workspace === null ? name : `${name}/${workspace.name}`,
      role: role ?? 'guest',
      rights: workspace?.actions.join(' ') ?? '',
    })),
  );
  await printObjects(
    call.screen,
    {
      items: rows.map((row) => ({ actor: me.actor, ...row })),
      columns: [
        { header: 'actor', valueOf: ({ actor }) => actor },
        { header: 'workspace', valueOf: ({ workspace }) => workspace },
        { header: 'role', valueOf: ({ role }) => role },
        { header: 'rights', valueOf: ({ rights }) => rights, shorten: 'end' },
      ],
      nameOf: ({ actor }) => actor,
      isList: true,
    },
    print,
  );
}
