import type { ReactNode } from 'react';
import { useNearestPlace } from '../../app/place.ts';
import { useMe } from '../../data/me.ts';
import { SideFrame, type SideGroup } from '../../ui/side-frame.tsx';

/** All settings one may see, and one page of them. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  return (
    <SideFrame label="Settings" groups={useGroups()}>
      {children}
    </SideFrame>
  );
}

function useGroups(): SideGroup[] {
  const place = useNearestPlace();
  const { data: me } = useMe();
  const organization = me?.organizations.find(({ name }) => name === place?.organization);
  const groups: SideGroup[] = [];
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
