import { Link } from 'wouter';
import type { InboxObject } from '#core/rest-inbox.ts';
import { useWorkspace } from '../../app/place.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Age } from '../../ui/moment.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';

/** What of mine ends within 14 days. */
export function SoonRows({ soon }: { soon: InboxObject['soon'] }) {
  const { base } = useWorkspace();
  return (
    <ul aria-label="Soon">
      {soon.map(({ id, name, expiresAt }) => (
        <li key={id} className="flex min-h-11 items-center gap-3 border-b border-subtle px-4 text-13 last:border-b-0">
          <StatusIcon state="waiting-turn" label="Ends soon" />
          <span className="min-w-0 flex-1 truncate">
            API token <Link href={`${base}/settings/tokens`}>{name}</Link> expires
          </span>
          <span className="text-12 text-2">
            <Age at={expiresAt} />
          </span>
          <ButtonLink href={`${base}/settings/tokens?new`} size="dense">
            New token
          </ButtonLink>
        </li>
      ))}
    </ul>
  );
}
