import { Check, Plus } from 'lucide-react';
import { useState } from 'react';
import { ACTION_MEANINGS, WORKSPACE_ACTIONS } from '#core/permission.ts';
import type { RoleObject } from '#core/rest-members.ts';
import { ActionMenu } from '../../actions/action-button.tsx';
import { ROLE_ACTIONS } from '../../actions/role.ts';
import { useList } from '../../data/use-list.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { InOrganization, type OrganizationPlace } from './in-organization.tsx';
import { RoleDialog } from './role-dialog.tsx';

/** Which role gives which right: the presets, and what the organization put together itself (UI §4.13). */
export default function RolesPage() {
  return <InOrganization title="Roles">{(place) => <Content place={place} />}</InOrganization>;
}

function Content({ place }: { place: OrganizationPlace }) {
  const [isCreating, setCreating] = useState(false);
  const { data, error, refetch } = useList<RoleObject>('roles', { organization: place.name });
  return (
    <>
      <p className="text-13 text-2">
        Roles are given in workspaces, to people and to teams. Owners and admins of the organization have every right in
        all of them.
      </p>
      <Panel
        title="Roles"
        actions={
          <Button
            variant="primary"
            icon={Plus}
            disabledReason={place.may('organization:members') ? null : 'this needs the right organization:members'}
            onClick={() => setCreating(true)}
          >
            New role
          </Button>
        }
      >
        {data ? (
          <Matrix organization={place.name} roles={data.items} />
        ) : error ? (
          <ErrorState what="The roles could not be read" problem={error} onRetry={() => void refetch()} />
        ) : (
          <AfterAMoment>
            <SkeletonRows rows={WORKSPACE_ACTIONS.length} />
          </AfterAMoment>
        )}
      </Panel>
      {isCreating ? <RoleDialog subject={{ organization: place.name }} onClose={() => setCreating(false)} /> : null}
    </>
  );
}

/** Rights down, roles across; on a narrow screen it scrolls in itself. */
function Matrix({ organization, roles }: { organization: string; roles: readonly RoleObject[] }) {
  return (
    // Reached by keys, which scroll it.
    <div tabIndex={0} role="region" aria-label="Rights of the roles" className="relative overflow-x-auto rounded-8">
      <table aria-label="rights of the roles" className="w-full border-collapse text-left text-13">
        <thead>
          <tr className="border-b border-subtle">
            <th scope="col" className="h-10 px-4 text-12 font-medium text-2">
              Right
            </th>
            {roles.map((role) => (
              <th key={role.id} scope="col" className="px-2 text-center text-12 font-medium whitespace-nowrap text-1">
                <span className="inline-flex items-center gap-1">
                  {role.name}
                  {role.kind === 'own' ? (
                    <>
                      <Badge>own</Badge>
                      <ActionMenu
                        label={`Actions of ${role.name}`}
                        actions={ROLE_ACTIONS}
                        subject={{ id: role.id, organization, role }}
                      />
                    </>
                  ) : null}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {WORKSPACE_ACTIONS.map((action) => (
            <tr key={action} className="border-b border-subtle last:border-b-0 hover:bg-hover">
              <th scope="row" className="px-4 py-1.5 font-normal">
                <code className="font-mono text-12 text-1">{action}</code>
                <span className="block text-12 text-3">{ACTION_MEANINGS[action]}</span>
              </th>
              {roles.map((role) => (
                <td key={role.id} className="px-2 text-center">
                  {role.actions.includes(action) ? (
                    <Check size={16} role="img" aria-label="yes" className="inline text-success" />
                  ) : (
                    <span className="sr-only">no</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
