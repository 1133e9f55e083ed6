import { useState } from 'react';
import type { EnvironmentObject } from '#core/rest-environments.ts';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { CreateSecretRequest } from '#core/rest-secrets.ts';
import { useWorkspace } from '../../app/place.ts';
import { write } from '../../data/http.ts';
import { useMe } from '../../data/me.ts';
import { useList } from '../../data/use-list.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { ValueField } from './value-field.tsx';

/** Makes a secret of the workspace, of one of its environments or pipelines, or of the whole organization. */
export function CreateDialog({ onClose }: { onClose(): void }) {
  const { path, organization } = useWorkspace();
  const { data: me } = useMe();
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [scope, setScope] = useState('workspace');
  const pipelines = useList<PipelineObject>('pipelines', { workspace: path, limit: 200 });
  const environments = useList<EnvironmentObject>('environments', { workspace: path });
  const mayForAll = me?.organizations.some(
    ({ name: one, actions }) => one === organization && actions.includes('organization:secrets'),
  );
  const form = useSubmit(
    async (key) => {
      const body: CreateSecretRequest = { name, value, scope: readScope(scope) };
      await write('POST', 'secrets', body, { key, query: { workspace: path } });
      showToast({ kind: 'done', text: `${name} is set` });
      onClose();
    },
    ['secrets'],
  );
  return (
    <FormDialog
      title="New secret"
      verb="Set secret"
      form={form}
      disabledReason={name === '' || value === '' ? 'it needs a name and a value' : null}
      onClose={onClose}
    >
      <TextField
        label="Name"
        required
        value={name}
        hint={'As a stage asks for it: secret "NPM_TOKEN".'}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label="Holds for"
        value={scope}
        options={[
          { value: 'workspace', label: `all of ${path}` },
          ...(mayForAll ? [{ value: 'organization', label: `all of ${organization}` }] : []),
          ...(environments.data?.items ?? []).map((one) => ({
            value: `environment:${one.name}`,
            label: `environment ${one.name}`,
          })),
          ...(pipelines.data?.items ?? [])
            .filter(({ file }) => file === null)
            .map((one) => ({ value: `pipeline:${one.name}`, label: `pipeline ${one.name}` })),
        ]}
        onChange={(event) => setScope(event.target.value)}
      />
      <ValueField value={value} onChange={setValue} />
    </FormDialog>
  );
}

function readScope(written: string): NonNullable<CreateSecretRequest['scope']> {
  const [kind, ...rest] = written.split(':');
  const name = rest.join(':');
  if (kind === 'environment') return { kind, environment: name };
  if (kind === 'pipeline') return { kind, pipeline: name };
  return { kind: kind === 'organization' ? kind : 'workspace' };
}
