import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useNearestPlace } from '../../app/place.ts';
import { useMe } from '../../data/me.ts';

interface Group {
  title: string;
  links: readonly { href: string; label: string }[];
}

/** All settings one may see at the left (above on a narrow screen), and one page of them. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const groups = useGroups();
  const [path] = useLocation();
  return (
    <div className="flex gap-6 p-6 max-lg:flex-col max-lg:gap-4 max-sm:p-4">
      <nav
        aria-label="Settings"
        className="flex w-44 shrink-0 flex-col gap-5 max-lg:w-full max-lg:flex-row max-lg:flex-wrap max-lg:gap-x-6 max-lg:gap-y-2"
      >
        {groups.map(({ title, links }) => (
          <section key={title} aria-label={title} className="min-w-0">
            <h2 className="truncate px-2 pb-1 text-12 font-medium text-3">{title}</h2>
            <ul className="flex flex-col gap-0.5 max-lg:flex-row max-lg:flex-wrap">
              {links.map(({ href, label }) => (
                <li key={href}>
                  <Link
                    href={href}
                    aria-current={path === href ? 'page' : undefined}
                    className="flex h-7 items-center rounded-6 px-2 text-13 text-2 no-underline hover:bg-hover hover:text-1 aria-[current]:bg-active aria-[current]:font-medium aria-[current]:text-1"
                  >
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div className="flex max-w-240 min-w-0 flex-1 flex-col gap-4">{children}</div>
    </div>
  );
}

function useGroups(): Group[] {
  const place = useNearestPlace();
  const { data: me } = useMe();
  const organization = me?.organizations.find(({ name }) => name === place?.organization);
  const groups: Group[] = [];
  if (place) {
    const at = `${place.base}/settings`;
    groups.push({
      title: place.path,
      links: [
        { href: at, label: 'General' },
        { href: `${at}/members`, label: 'Members' },
        { href: `${at}/tokens`, label: 'API tokens' },
        { href: `${at}/quotas`, label: 'Quotas' },
      ],
    });
  }
  if (organization?.actions.includes('organization:read')) {
    const at = `/${organization.name}/settings`;
    groups.push({
      title: `Organization ${organization.name}`,
      links: [
        { href: at, label: 'General' },
        { href: `${at}/members`, label: 'Members' },
        { href: `${at}/teams`, label: 'Teams' },
        { href: `${at}/roles`, label: 'Roles' },
      ],
    });
  }
  return [...groups, { title: 'You', links: [{ href: '/settings', label: 'Your settings' }] }];
}
