import { CalendarClock, History, KeyRound, Power, PowerOff, Trash2 } from 'lucide-react';
import type { SecretObject } from '#core/rest-secrets.ts';
import { write } from '../data/http.ts';
import { ReplaceDialog } from '../pages/secrets/replace-dialog.tsx';
import { RotationDialog } from '../pages/secrets/rotation-dialog.tsx';
import { availableIf, type Action, type Receipt } from './action.ts';

export interface SecretSubject {
  id: string;
  secret: SecretObject;
  /** Where a page goes whose object is no more. */
  onDeleted?(): void;
}

const refreshes = () => [['list', 'secrets']];

export const replaceSecret: Action<SecretSubject> = {
  ...{ kind: 'dialog', id: 'secret.replace', icon: KeyRound, Dialog: ReplaceDialog },
  label: () => 'Set a new value…',
  availability: ({ secret }) => availableIf(secret.can.write),
};

async function setEnabled({ secret }: SecretSubject, enabled: boolean, key: string): Promise<Receipt> {
  await write('PATCH', `secrets/${secret.id}`, { enabled }, { key, ifMatch: `"${secret.seq}"` });
  return { kind: 'done' };
}

export const disableSecret: Action<SecretSubject> = {
  ...{ kind: 'command', id: 'secret.disable', icon: PowerOff, refreshes },
  label: () => 'Disable',
  availability: ({ secret }) => (secret.enabled ? availableIf(secret.can.write) : 'hidden'),
  effect: ({ secret }) => `No stage gets ${secret.name} from the next start on, nor one of its name from farther away.`,
  done: ({ secret }) => `${secret.name} is disabled`,
  run: (subject, key) => setEnabled(subject, false, key),
};

export const enableSecret: Action<SecretSubject> = {
  ...{ kind: 'command', id: 'secret.enable', icon: Power, refreshes },
  label: () => 'Enable',
  availability: ({ secret }) => (secret.enabled ? 'hidden' : availableIf(secret.can.write)),
  done: ({ secret }) => `${secret.name} is enabled`,
  run: (subject, key) => setEnabled(subject, true, key),
};

export const setRotation: Action<SecretSubject> = {
  ...{ kind: 'dialog', id: 'secret.rotation', icon: CalendarClock, Dialog: RotationDialog },
  label: () => 'Rotation…',
  availability: ({ secret }) => availableIf(secret.can.write),
};

export const restoreSecret: Action<SecretSubject & { version: number }> = {
  ...{ kind: 'command', id: 'secret.restore', icon: History, refreshes },
  label: () => 'Restore',
  availability: ({ secret }) => availableIf(secret.can.write),
  effect: ({ secret, version }) =>
    `Version ${secret.version + 1} gets the value of version ${version}: stages get that one from the next start on.`,
  done: ({ secret, version }) => `${secret.name} has the value of version ${version} again`,
  async run({ secret, version }, key) {
    await write('POST', `secrets/${secret.id}/restore`, { version }, { key, ifMatch: `"${secret.seq}"` });
    return { kind: 'done' };
  },
};

export const deleteSecret: Action<SecretSubject> = {
  ...{ kind: 'command', id: 'secret.delete', icon: Trash2, isDangerous: true, refreshes },
  label: () => 'Delete',
  availability: ({ secret }) => availableIf(secret.can.write),
  effect: ({ secret }) =>
    `${secret.name} is forgotten with its ${secret.version} ${secret.version === 1 ? 'version' : 'versions'}. Stages that ask for it end errored.`,
  typed: ({ secret }) => secret.name,
  done: ({ secret }) => `${secret.name} is deleted`,
  async run({ secret, onDeleted }, key) {
    await write('DELETE', `secrets/${secret.id}`, { name: secret.name }, { key, ifMatch: `"${secret.seq}"` });
    onDeleted?.();
    return { kind: 'done' };
  },
};

export const SECRET_ACTIONS: readonly Action<SecretSubject>[] = [
  ...[replaceSecret, setRotation, enableSecret, disableSecret, deleteSecret],
];
