import { OctagonPause, Play } from 'lucide-react';
import type { IncidentObject, IncidentResult } from '#core/rest-workspaces.ts';
import { write } from '../data/http.ts';
import { countRuns } from '../pages/settings/count-runs.ts';
import { IncidentDialog } from '../pages/settings/incident-dialog.tsx';
import { availableIf, type Action } from './action.ts';

export interface IncidentSubject {
  /** Of the workspace. */
  id: string;
  path: string;
  incident: IncidentObject;
}

export const pauseRuns: Action<IncidentSubject> = {
  ...{ kind: 'dialog', id: 'incident.pause', icon: OctagonPause, Dialog: IncidentDialog },
  label: ({ incident }) => `Pause ${countRuns(incident.open)}…`,
  availability: ({ incident }) =>
    incident.open === 0 ? { no: 'no run is going on' } : availableIf(incident.can.switch),
};

export const resumeRuns: Action<IncidentSubject> = {
  ...{ kind: 'command', id: 'incident.resume', icon: Play },
  label: ({ incident }) => `Resume ${countRuns(incident.held)}`,
  availability: ({ incident }) => (incident.held === 0 ? 'hidden' : availableIf(incident.can.switch)),
  effect: ({ path, incident }) =>
    `${countRuns(incident.held)} of ${path} go on where they were paused together. What somebody paused alone stays paused.`,
  done: () => 'The runs go on',
  refreshes: ({ id }) => [['list', `workspaces/${id}/incident`]],
  async run({ id }, key) {
    await write<IncidentResult>('POST', `workspaces/${id}/resume-runs`, {}, { key });
    return { kind: 'done' };
  },
};
