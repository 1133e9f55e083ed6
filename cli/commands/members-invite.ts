import type { Handler } from '../call.ts';
import { organizationOf } from '../context/organization-of.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printOptions } from '../output/list.ts';
import { formatMoment } from '../output/moment.ts';
import { printObjects } from '../output/print.ts';
import { readRole, requireWorkspace } from '../people/read-role.ts';

/** `buildit members invite EMAIL [--role ROLE]`: the link on stdout, this once. */
export const handle: Handler<Commands['members invite']> = async (call) => {
  const { screen, words, options } = call;
  const wanted = readRole(options.role ?? 'member');
  const { api, place } = await openSession(call);
  const workspaces =
    wanted.kind === 'workspace'
      ? [{ workspace: await requireWorkspace(workspaceOf(place), () => api().getMe()), role: wanted.role }]
      : [];
  const role = wanted.kind === 'organization' ? wanted.role : 'member';
  const invited = { email: words[0] ?? '', role, ...(workspaces.length > 0 ? { workspaces } : {}) };
  const invitation = await api().createInvitation(organizationOf(place), invited);
  screen.say(`Hand this link on to ${invitation.email}; it works once, until ${formatMoment(invitation.expiresAt)}.\n`);
  if (call.format === 'table') screen.out(`${invitation.link}\n`);
  else {
    const shown = { items: [invitation], columns: [], nameOf: () => invitation.email, isList: false };
    await printObjects(screen, shown, printOptions(call));
  }
  return EXIT.done;
};
