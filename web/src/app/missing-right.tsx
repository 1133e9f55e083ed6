import { Copy } from 'lucide-react';
import { ACTION_MEANINGS, isOrganizationAction, isWorkspaceAction, type Action } from '#core/permission.ts';
import type { MemberObject, WorkspaceMemberObject } from '#core/rest-members.ts';
import { useMe } from '../data/me.ts';
import { useList } from '../data/use-list.ts';
import { Button } from '../ui/button.tsx';
import { copyAndSay } from '../ui/copy-and-say.ts';
import { listGranters, writeRequest } from './granters.ts';
import { useNearestPlace } from './place.ts';

/** What a right is, who can give it as far as one may see them, and a request to send them. */
export default function MissingRight({ right }: { right: string }) {
  return isWorkspaceAction(right) || isOrganizationAction(right) ? <KnownRight right={right} /> : null;
}

function KnownRight({ right }: { right: Action }) {
  const place = useNearestPlace();
  const { data: me } = useMe();
  const name = place?.organization ?? location.pathname.split('/')[1] ?? '';
  const organization = me?.organizations.find((one) => one.name === name);
  const ofWorkspace = isWorkspaceAction(right) && place ? place : null;
  const members = useList<MemberObject>(
    'members',
    { organization: name, limit: 200 },
    organization?.actions.includes('organization:read') ?? false,
  );
  const bindings = useList<WorkspaceMemberObject>(
    `workspaces/${ofWorkspace?.id ?? ''}/members`,
    { limit: 200 },
    ofWorkspace !== null,
  );
  const granters = listGranters(right, members.data?.items ?? [], bindings.data?.items ?? []);
  const where = ofWorkspace?.path ?? name;
  const copy = () => {
    const text = writeRequest({ right, where, from: me?.user?.displayName ?? me?.actor ?? '', address: location.href });
    copyAndSay(text, 'The request is copied');
  };
  return (
    <div className="mt-2 flex max-w-120 flex-col items-start gap-2 text-left text-13 text-2">
      <p>
        <code className="font-mono text-12 text-1">{right}</code> lets one {ACTION_MEANINGS[right]}.
      </p>
      <p>
        {granters.length > 0 ? (
          <>
            It can be given by <span className="text-1">{granters.join(', ')}</span>.
          </>
        ) : (
          `It can be given by the owners and admins of ${name}.`
        )}
      </p>
      <Button size="dense" icon={Copy} onClick={copy}>
        Copy request
      </Button>
    </div>
  );
}
