import { Gauge } from 'lucide-react';
import type { QuotaObject } from '#core/rest-workspaces.ts';
import { SetQuotaDialog } from '../pages/settings/set-quota-dialog.tsx';
import { availableIf, type Action } from './action.ts';

export interface QuotaSubject {
  id: string;
  quota: QuotaObject;
}

export const setQuota: Action<QuotaSubject> = {
  ...{ kind: 'dialog', id: 'quota.set', icon: Gauge, Dialog: SetQuotaDialog },
  label: () => 'Set limit…',
  availability: ({ quota }) => availableIf(quota.can.update),
};
