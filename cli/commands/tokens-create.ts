import { parseDuration } from '#core/duration.ts';
import type { Handler } from '../call.ts';
import { organizationOf, ownerOf } from '../context/organization-of.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObject } from '../output/list.ts';
import { formatMoment } from '../output/moment.ts';
import { TOKEN_COLUMNS } from '../people/columns.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 365;

/** `buildit tokens create NAME --scope S…`: the token alone on stdout, this once. */
export const handle: Handler<Commands['tokens create']> = async (call) => {
  const { screen, options, words } = call;
  const expiresInDays = readDays(options['expires-in']);
  if (options.scope.length === 0) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'a token needs at least one scope',
      fix: 'for example --scope run:read --scope run:trigger',
    });
  }
  const { api, place } = await openSession(call);
  const owner = options.organization ? { organization: organizationOf(place) } : ownerOf(place);
  const created = await api().createToken(owner, { name: words[0] ?? '', scopes: options.scope, expiresInDays });
  screen.say(
    `${created.name} of ${created.workspace ?? created.organization} counts until ${formatMoment(created.expiresAt)}.\n`,
  );
  screen.say('It is shown this once: keep it where only its program can read it.\n');
  if (call.format === 'table') screen.out(`${created.token}\n`);
  else await printObject(call, created, { columns: TOKEN_COLUMNS, nameOf: ({ name }) => name });
  return EXIT.done;
};

function readDays(written: string | null): number {
  const ms = parseDuration(written ?? '90d');
  const days = ms === null ? 0 : Math.ceil(ms / DAY_MS);
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `--expires-in needs a duration from 1d to ${MOST_DAYS}d, not "${written ?? ''}"`,
    fix: 'for example --expires-in 30d',
  });
}
