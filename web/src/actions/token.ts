import { Ban } from 'lucide-react';
import type { TokenObject } from '#core/rest-sign-in.ts';
import { write } from '../data/http.ts';
import { availableIf, type Action } from './action.ts';

export const revokeToken: Action<{ id: string; token: TokenObject }> = {
  ...{ kind: 'command', id: 'token.revoke', icon: Ban, isDangerous: true },
  label: () => 'Revoke',
  availability: ({ token }) => availableIf(token.can.revoke),
  effect: ({ token }) => `The next request with ${token.name} is refused. Nothing brings it back.`,
  done: ({ token }) => `${token.name} is revoked`,
  refreshes: () => [['list', 'tokens']],
  async run({ token }, key) {
    await write('DELETE', `tokens/${token.id}`, undefined, { key });
    return { kind: 'done' };
  },
};
