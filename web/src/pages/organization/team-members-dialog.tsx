import { UserMinus } from 'lucide-react';
import { useState } from 'react';
import type { MemberObject, TeamObject } from '#core/rest-members.ts';
import type { TeamSubject } from '../../actions/team.ts';
import { write } from '../../data/http.ts';
import { useList } from '../../data/use-list.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { InlineProblem } from '../../ui/error-state.tsx';
import { SelectField } from '../../ui/field.tsx';

/** Who is in a team; each change acts at once. */
export function TeamMembersDialog({ subject, onClose }: { subject: TeamSubject; onClose(): void }) {
  const { organization, id } = subject;
  const teams = useList<TeamObject>('teams', { organization, limit: 200 });
  const team = teams.data?.items.find((one) => one.id === id) ?? subject.team;
  const members = useList<MemberObject>('members', { organization, limit: 200 });
  const others = (members.data?.items ?? []).filter(({ user }) => !team.members.includes(user.name));
  const [name, setName] = useState('');
  const adding = useSubmit(
    async (key) => {
      await write('PUT', `teams/${id}/members/${name}`, undefined, { key });
      setName('');
    },
    ['teams', 'members'],
  );
  return (
    <Dialog
      title={`Members of ${team.name}`}
      onClose={onClose}
      onSubmit={() => {
        if (name !== '') adding.submit();
      }}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <div className="flex flex-col gap-3">
        <div className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <SelectField
              label="Member of the organization"
              value={name}
              options={[
                { value: '', label: others.length === 0 ? 'all are in it' : 'choose somebody' },
                ...others.map(({ user }) => ({ value: user.name, label: `${user.displayName} (${user.name})` })),
              ]}
              onChange={(event) => setName(event.target.value)}
            />
          </div>
          <Button
            type="submit"
            variant="primary"
            isBusy={adding.isBusy}
            disabledReason={name === '' ? 'choose somebody' : null}
          >
            Add
          </Button>
        </div>
        {adding.problem ? <InlineProblem problem={adding.problem} /> : null}
        {team.members.length === 0 ? <p className="text-13 text-2">Nobody is in it yet.</p> : null}
        <ul className="flex flex-col">
          {team.members.map((member) => (
            <MemberLine key={member} team={id} member={member} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function MemberLine({ team, member }: { team: string; member: string }) {
  const removing = useSubmit(
    async (key) => {
      await write('DELETE', `teams/${team}/members/${member}`, undefined, { key });
    },
    ['teams', 'members'],
  );
  return (
    <li className="border-t border-subtle py-1 first:border-t-0">
      <div className="flex h-8 items-center justify-between gap-2 text-13">
        <span className="truncate">{member}</span>
        <IconButton
          size="dense"
          icon={UserMinus}
          label={`Take ${member} out`}
          isBusy={removing.isBusy}
          onClick={removing.submit}
        />
      </div>
      {removing.problem ? <InlineProblem problem={removing.problem} /> : null}
    </li>
  );
}
