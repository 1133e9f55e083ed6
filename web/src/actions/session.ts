import { LogOut } from 'lucide-react';
import type { SessionObject } from '#core/rest-sign-in.ts';
import { write } from '../data/http.ts';
import type { Action } from './action.ts';

export const endSession: Action<{ id: string; session: SessionObject }> = {
  ...{ kind: 'command', id: 'session.end', icon: LogOut, isDangerous: true },
  label: () => 'Sign out',
  availability: ({ session }) =>
    session.isCurrent ? { no: 'this is the one you are here with: sign out in the menu of your account' } : 'yes',
  effect: ({ session }) => `${session.client} at ${session.address} has to sign in again.`,
  done: ({ session }) => `${session.client} is signed out`,
  refreshes: () => [['list', 'me/sessions']],
  async run({ session }, key) {
    await write('DELETE', `me/sessions/${session.id}`, undefined, { key });
    return { kind: 'done' };
  },
};
