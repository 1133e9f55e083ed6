import { Link } from 'wouter';
import type { InboxObject, InboxSoon } from '#core/rest-inbox.ts';
import { sortByRecent, useWorkspace, type Place } from '../../app/place.ts';
import { listWorkspaces, useMe, type WorkspaceRef } from '../../data/me.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Age } from '../../ui/moment.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { locateSecret } from './locate-secret.ts';
import { WorkspaceName } from './workspace-name.tsx';

/** What ends or is due within 14 days, with what is done about it. */
export function SoonRows({ soon }: { soon: InboxObject['soon'] }) {
  const place = useWorkspace();
  const { data: me } = useMe();
  const workspaces = me ? sortByRecent(listWorkspaces(me)) : [];
  return (
    <ul aria-label="Soon">
      {soon.map((item) => {
        const { id, name, expiresAt, workspace } = item;
        const { what, verb, act, href, actHref } = describe(item, place, workspaces);
        return (
          <li
            key={id}
            data-row={id}
            tabIndex={-1}
            className="flex min-h-11 items-center gap-3 border-b border-subtle px-4 py-1.5 text-13 -outline-offset-2 last:border-b-0 max-sm:flex-wrap"
          >
            <StatusIcon state="waiting-turn" label="Soon" />
            <span className="min-w-0 flex-1 truncate max-sm:basis-[calc(100%-28px)]">
              {workspace === null ? null : <WorkspaceName path={workspace} />}
              {what} {href === null ? name : <Link href={href}>{name}</Link>} {verb}
            </span>
            <span className="text-12 text-2 max-sm:ml-7 max-sm:flex-1">
              <Age at={expiresAt} />
            </span>
            {actHref === null ? null : (
              <ButtonLink href={actHref} size="dense">
                {act}
              </ButtonLink>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function describe(item: InboxSoon, { path, base }: Place, workspaces: readonly WorkspaceRef[]) {
  switch (item.kind) {
    case 'token': {
      const href = `${base}/settings/tokens`;
      return { what: 'API token', verb: 'expires', act: 'New token', href, actHref: `${href}?new` };
    }
    case 'secret': {
      const href = locateSecret(item, path, workspaces);
      return { what: 'Secret', verb: 'is due for another value', act: 'Rotate', href, actHref: href };
    }
    default:
      return item.kind satisfies never;
  }
}
