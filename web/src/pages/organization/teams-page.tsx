import { Plus, Users } from 'lucide-react';
import { useState } from 'react';
import type { TeamObject } from '#core/rest-members.ts';
import { ActionMenu } from '../../actions/action-button.tsx';
import { TEAM_ACTIONS } from '../../actions/team.ts';
import { useNamedList } from '../../data/use-list.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Column } from '../../ui/table.tsx';
import { InOrganization, type OrganizationPlace } from './in-organization.tsx';
import { NamedNote, useNamed } from './named.tsx';
import { TeamDialog } from './team-dialog.tsx';

const COLUMNS: readonly Column<TeamObject>[] = [
  {
    ...{ key: 'name', head: 'Name' },
    cell: ({ name }) => <code className="font-mono text-12 text-1">team:{name}</code>,
  },
  {
    ...{ key: 'parent', head: 'Part of', width: '16%' },
    cell: ({ parent }) => parent ?? <span className="text-3">no team</span>,
  },
  {
    ...{ key: 'members', head: 'Members', width: '28%' },
    cell: ({ members }) =>
      members.length === 0 ? (
        <span className="text-3">nobody</span>
      ) : (
        <span title={members.join(', ')}>{members.join(', ')}</span>
      ),
  },
  {
    ...{ key: 'workspaces', head: 'In workspaces', width: '24%', isSecondary: true },
    cell: ({ workspaces }) =>
      workspaces.length === 0 ? (
        <span className="text-3">none</span>
      ) : (
        workspaces.map(({ workspace, role }) => `${role} of ${workspace}`).join(', ')
      ),
  },
  {
    ...{ key: 'actions', head: 'Actions', isHeadHidden: true, width: '64px', align: 'right' },
    cell: (team) => (
      <ActionMenu
        label={`Actions of ${team.name}`}
        actions={TEAM_ACTIONS}
        subject={{ id: team.id, organization: team.organization, team }}
      />
    ),
  },
];

/** Teams: people that a gate names and a role is given to together (UI §4.13). */
export default function TeamsPage() {
  return <InOrganization title="Teams">{(place) => <Content place={place} />}</InOrganization>;
}

function Content({ place }: { place: OrganizationPlace }) {
  const [isCreating, setCreating] = useState(false);
  const named = useNamed();
  const list = useNamedList<TeamObject>('teams', place.name, named.name);
  const create = (
    <Button
      variant="primary"
      icon={Plus}
      disabledReason={place.may('organization:members') ? null : 'this needs the right organization:members'}
      onClick={() => setCreating(true)}
    >
      New team
    </Button>
  );
  return (
    <>
      <Panel
        title="Teams"
        actions={
          list.data && (list.data.items.length > 0 || named.name !== null) ? (
            <>
              <NamedNote named={named} />
              {create}
            </>
          ) : null
        }
      >
        <ListTable
          label="teams"
          columns={COLUMNS}
          list={list}
          empty={
            <EmptyState
              icon={Users}
              title={named.name === null ? 'No team yet' : `No team is called ${named.name}`}
              action={named.name === null ? create : null}
            >
              A gate can ask for one of a team, and a team can have a role in a workspace.
            </EmptyState>
          }
        />
      </Panel>
      {isCreating ? <TeamDialog subject={{ organization: place.name }} onClose={() => setCreating(false)} /> : null}
    </>
  );
}
