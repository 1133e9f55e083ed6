import { Play, Wrench } from 'lucide-react';
import type { MaintenanceObject } from '#core/rest-health.ts';
import { write } from '../data/http.ts';
import { MaintenanceDialog } from '../pages/admin/maintenance-dialog.tsx';
import type { Action } from './action.ts';

export const beginMaintenance: Action<MaintenanceObject> = {
  ...{ kind: 'dialog', id: 'maintenance.begin', icon: Wrench, Dialog: MaintenanceDialog },
  label: () => 'Begin maintenance…',
  availability: ({ on }) => (on ? 'hidden' : 'yes'),
};

export const endMaintenance: Action<MaintenanceObject> = {
  ...{ kind: 'command', id: 'maintenance.end', icon: Play, refreshes: () => [['list', 'system/maintenance']] },
  label: () => 'End maintenance',
  availability: ({ on }) => (on ? 'yes' : 'hidden'),
  done: () => 'Runs start again',
  async run(_maintenance, key) {
    await write('PUT', 'system/maintenance', { on: false }, { key });
    return { kind: 'done' };
  },
};
