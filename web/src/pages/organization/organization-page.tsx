import { Layers, Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { OrganizationObject, WorkspaceObject } from '#core/rest-workspaces.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { deleteOrganization } from '../../actions/workspace.ts';
import { write } from '../../data/http.ts';
import { useList } from '../../data/use-list.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { TextField } from '../../ui/field.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import type { Column } from '../../ui/table.tsx';
import { FormPanel, reasonOf } from '../settings/form-panel.tsx';
import { CreateWorkspaceDialog } from './create-workspace-dialog.tsx';
import { InOrganization, type OrganizationPlace } from './in-organization.tsx';

/** An organization: its name, its workspaces, and its end (UI §4.13). */
export default function OrganizationPage() {
  return <InOrganization title="Organization">{(place) => <Content place={place} />}</InOrganization>;
}

function Content({ place }: { place: OrganizationPlace }) {
  const { data, error, refetch } = useList<OrganizationObject>('organizations');
  const organization = data?.items.find(({ id }) => id === place.id);
  if (!organization) {
    return error ? (
      <ErrorState what="The organization could not be read" problem={error} onRetry={() => void refetch()} />
    ) : (
      <AfterAMoment>
        <SkeletonRows rows={8} />
      </AfterAMoment>
    );
  }
  return (
    <>
      <NameForm key={`${organization.id} ${organization.version}`} organization={organization} />
      <Workspaces organization={organization} />
      <Panel title="Delete the organization">
        <div className="flex flex-wrap items-center justify-between gap-3 p-4">
          <p className="max-w-120 text-13 text-2">
            Its workspaces go with all that is in them; so do its people, teams, roles and audit, for good.
          </p>
          <ActionButton action={deleteOrganization} subject={{ id: organization.id, organization }} />
        </div>
      </Panel>
    </>
  );
}

function NameForm({ organization }: { organization: OrganizationObject }) {
  const { id, version, can } = organization;
  const [name, setName] = useState(organization.name);
  const form = useSubmit(async (key) => {
    await write('PATCH', `organizations/${id}`, { name }, { key, ifMatch: `"${version}"` });
    // All addresses of it have its name in them.
    location.assign(`/${name}/settings`);
  });
  const refusal = reasonOf(can.update);
  return (
    <FormPanel
      title="General"
      isBusy={form.isBusy}
      problem={form.problem}
      disabledReason={refusal ?? (name === organization.name ? 'nothing is changed' : null)}
      onSubmit={form.submit}
    >
      <TextField
        label="Name"
        value={name}
        autoComplete="off"
        spellCheck={false}
        {...(refusal ? { origin: refusal } : {})}
        hint={
          name === organization.name
            ? `Its addresses begin with /${name}/.`
            : `Its addresses begin with /${name}/ then; those it has now end.`
        }
        onChange={(event) => setName(event.target.value)}
      />
    </FormPanel>
  );
}

const COLUMNS: readonly Column<WorkspaceObject>[] = [
  {
    ...{ key: 'name', head: 'Name' },
    cell: ({ name }) => (
      <Link href={`/${name}`} className="text-1 no-underline hover:underline">
        {name}
      </Link>
    ),
  },
  {
    ...{ key: 'kept', head: 'Runs are kept', width: '20%', align: 'right' },
    cell: ({ retentionDays }) => `${retentionDays} days`,
  },
  { ...{ key: 'weight', head: 'Share of starts', width: '18%', align: 'right' }, cell: ({ weight }) => weight },
  { ...{ key: 'made', head: 'Made', width: '18%' }, cell: ({ createdAt }) => <Age at={createdAt} /> },
  {
    ...{ key: 'settings', head: 'Settings', isHeadHidden: true, width: '96px', align: 'right' },
    cell: ({ name }) => (
      <Link href={`/${name}/settings`} className="text-link hover:underline" aria-label={`Settings of ${name}`}>
        Settings
      </Link>
    ),
  },
];

function Workspaces({ organization }: { organization: OrganizationObject }) {
  const [isCreating, setCreating] = useState(false);
  const list = useList<WorkspaceObject>('workspaces', { organization: organization.name });
  const create = (
    <Button
      size="dense"
      icon={Plus}
      disabledReason={reasonOf(organization.can.createWorkspace)}
      onClick={() => setCreating(true)}
    >
      New workspace
    </Button>
  );
  return (
    <Panel title="Workspaces" actions={create}>
      <ListTable
        label="workspaces"
        columns={COLUMNS}
        list={list}
        expectedRows={2}
        empty={<EmptyState icon={Layers} title="You are in no workspace of it" />}
      />
      {isCreating ? (
        <CreateWorkspaceDialog organization={organization.name} onClose={() => setCreating(false)} />
      ) : null}
    </Panel>
  );
}
