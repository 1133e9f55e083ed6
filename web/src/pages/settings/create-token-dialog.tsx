import { useState } from 'react';
import {
  ACTION_MEANINGS,
  ORGANIZATION_ACTIONS,
  WORKSPACE_ACTIONS,
  type Action,
  type OrganizationAction,
} from '#core/permission.ts';
import type { CreatedTokenObject } from '#core/rest-sign-in.ts';
import { useWorkspace } from '../../app/place.ts';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { Checkbox } from '../../ui/choice.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { ShownOnce } from './shown-once.tsx';

const DAYS = [7, 30, 90, 180, 365] as const;

/** Makes a token with some of the person's rights and an end; its text is shown once. */
export function CreateTokenDialog(props: { organizationActions: readonly OrganizationAction[]; onClose(): void }) {
  const { organizationActions, onClose } = props;
  const place = useWorkspace();
  const mayForAll = organizationActions.includes('organization:tokens');
  const [name, setName] = useState('');
  const [owner, setOwner] = useState(place.may('token:write') ? 'workspace' : 'organization');
  const [scopes, setScopes] = useState<readonly Action[]>(['run:read']);
  const [days, setDays] = useState('90');
  const [made, setMade] = useState<CreatedTokenObject | null>(null);
  const form = useSubmit(
    async (key) => {
      const body = { name, scopes, expiresInDays: Number(days) };
      const query = owner === 'workspace' ? { workspace: place.path } : { organization: place.organization };
      setMade((await write<CreatedTokenObject>('POST', 'tokens', body, { key, query })).body);
    },
    ['tokens'],
  );
  if (made) {
    return (
      <ShownOnce title={`Token ${made.name}`} text={made.token} onClose={onClose}>
        Copy it now: nobody can read it again, here or anywhere.
      </ShownOnce>
    );
  }
  const held: readonly Action[] = [...place.actions, ...organizationActions];
  const offered: readonly Action[] =
    owner === 'workspace' ? WORKSPACE_ACTIONS : [...WORKSPACE_ACTIONS, ...ORGANIZATION_ACTIONS];
  return (
    <FormDialog
      title="New API token"
      verb="Make token"
      form={form}
      disabledReason={name === '' ? 'it needs a name' : scopes.length === 0 ? 'it needs a scope' : null}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        autoComplete="off"
        spellCheck={false}
        hint="What it is for: a-z, 0-9 and .-_"
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label="Holds for"
        value={owner}
        options={[
          ...(place.may('token:write') ? [{ value: 'workspace', label: place.path }] : []),
          ...(mayForAll ? [{ value: 'organization', label: `all of ${place.organization}` }] : []),
        ]}
        onChange={(event) => {
          setOwner(event.target.value);
          setScopes(['run:read']);
        }}
      />
      <SelectField
        label="Ends"
        value={days}
        options={DAYS.map((count) => ({ value: String(count), label: `in ${count} days` }))}
        onChange={(event) => setDays(event.target.value)}
      />
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1 text-13 font-medium">Scopes</legend>
        {offered.map((action) => (
          <Checkbox
            key={action}
            label={<code className="font-mono text-12">{action}</code>}
            hint={ACTION_MEANINGS[action]}
            isChecked={scopes.includes(action)}
            disabledReason={held.includes(action) ? null : `you lack ${action}`}
            onChange={(isOn) => setScopes((old) => (isOn ? [...old, action] : old.filter((one) => one !== action)))}
          />
        ))}
      </fieldset>
    </FormDialog>
  );
}
