import type { Handler } from '../call.ts';
import { organizationOf } from '../context/organization-of.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { nameMember } from '../people/read-role.ts';
import { requireYes } from '../terminal/require-yes.ts';

/** `buildit members remove NAME` */
export const handle: Handler<Commands['members remove']> = async (call) => {
  const name = call.words[0] ?? '';
  const { api, place } = await openSession(call);
  const organization = organizationOf(place);
  await requireYes(call, `Take ${name} out of ${organization ?? 'the organization'}, with their roles and tokens?`);
  await api().removeMember(nameMember(organization, name));
  call.screen.say(`${name} is out of ${organization ?? 'the organization'}.\n`);
  return EXIT.done;
};
