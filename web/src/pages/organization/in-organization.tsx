import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import type { OrganizationAction } from '#core/permission.ts';
import { NotFound } from '../../app/not-found.tsx';
import { usePageHead } from '../../app/page.ts';
import { useMe } from '../../data/me.ts';
import { SettingsFrame } from '../settings/settings-frame.tsx';

/** The organization that the address names, as the person may know it. */
export interface OrganizationPlace {
  id: string;
  name: string;
  may(action: OrganizationAction): boolean;
}

/** A page of an organization's settings; what one may not see is not there. */
export function InOrganization(props: { title: string; children(place: OrganizationPlace): ReactNode }) {
  const { title, children } = props;
  const { org = '' } = useParams();
  const { data: me } = useMe();
  const found = me?.organizations.find(({ name }) => name === org);
  const isGeneral = title === 'Organization';
  usePageHead({
    title,
    area: org,
    ...(isGeneral ? {} : { crumbs: [{ label: 'Organization', href: `/${org}/settings` }] }),
  });
  if (!found?.actions.includes('organization:read')) return <NotFound what={`organization ${org}`} />;
  const { id, name, actions } = found;
  const place: OrganizationPlace = { id, name, may: (action) => actions.includes(action) };
  return <SettingsFrame>{children(place)}</SettingsFrame>;
}
