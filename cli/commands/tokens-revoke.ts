import type { TokenObject } from '#core/rest-sign-in.ts';
import type { Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { findNearest } from '../grammar/nearest.ts';

/** `buildit tokens revoke TOKEN`: by name or id. */
export const handle: Handler<Commands['tokens revoke']> = async (call) => {
  const { api, place } = await openSession(call);
  const token = chooseToken(await api().listTokens(), call.words[0] ?? '', workspaceOf(place));
  await api().revokeToken(token.id);
  call.screen.say(`${token.name} of ${token.workspace ?? token.organization} is revoked.\n`);
  return EXIT.done;
};

function chooseToken(tokens: readonly TokenObject[], word: string, workspace: string | null): TokenObject {
  const named = tokens.filter(({ id, name }) => id === word || name === word);
  const [found, ...more] = named.length > 1 ? named.filter((token) => token.workspace === workspace) : named;
  if (found && more.length === 0) return found;
  if (named.length > 1) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `there are ${named.length} tokens ${word}`,
      fix: `name one by its id: ${named.map(({ id }) => id).join(', ')}`,
    });
  }
  const near = findNearest(
    word,
    tokens.map(({ name }) => name),
  );
  throw new CommandError(EXIT.notFound, {
    code: 'not-found',
    message: `there is no token "${word}"`,
    fix: near === null ? 'buildit tokens list shows what there is' : `did you mean "${near}"?`,
  });
}
