import { Link } from 'wouter';
import type { InboxObject } from '#core/rest-inbox.ts';
import { useWorkspace } from '../../app/place.ts';
import { hasPage } from '../../app/routes.ts';
import { Age } from '../../ui/moment.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';

const TOKENS = '/:org/:workspace/settings/tokens';

/** What of mine ends within 14 days. */
export function SoonRows({ soon }: { soon: InboxObject['soon'] }) {
  const { base } = useWorkspace();
  return (
    <ul aria-label="Soon">
      {soon.map(({ id, name, expiresAt }) => (
        <li key={id} className="flex min-h-11 items-center gap-3 border-b border-subtle px-4 text-13 last:border-b-0">
          <StatusIcon state="waiting-turn" label="Ends soon" />
          <span className="min-w-0 flex-1 truncate">
            API token{' '}
            {hasPage(TOKENS) ? (
              <Link href={`${base}/settings/tokens`}>{name}</Link>
            ) : (
              <b className="font-medium">{name}</b>
            )}{' '}
            expires
          </span>
          <span className="text-12 text-2">
            <Age at={expiresAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
