import { Unlock } from 'lucide-react';
import type { GroupObject, GroupPlace } from '#core/rest-groups.ts';
import { availableIf, type Action } from './action.ts';
import { dialogLater } from './dialog-later.ts';

/** A place of a concurrency group that somebody has. */
export interface PlaceSubject {
  id: string;
  pipelineId: string;
  group: GroupObject;
  place: GroupPlace;
}

const ReleaseDialog = dialogLater<PlaceSubject>(
  async () => (await import('../pages/pipeline/groups/release-dialog.tsx')).ReleaseDialog,
);

export const releasePlace: Action<PlaceSubject> = {
  ...{ kind: 'dialog', id: 'group.release', icon: Unlock, isDangerous: true, Dialog: ReleaseDialog },
  label: () => 'Release…',
  availability: ({ group }) => availableIf(group.can.release),
};
