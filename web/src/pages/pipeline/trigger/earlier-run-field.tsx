import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Page, RunObject } from '#core/rest.ts';
import { get } from '../../../data/http.ts';
import { SelectField } from '../../../ui/field.tsx';
import { describeAge, serverNow } from '../../../ui/moment.tsx';
import { stateOf } from '../../../ui/state.ts';
import { STATUS_LOOKS } from '../../../ui/status-look.ts';

type Earlier = Pick<RunObject, 'number' | 'attempt' | 'branch' | 'params' | 'status' | 'createdAt'>;

/** Runs that one may want again: the newest. */
const MOST = 20;

/** Fills the fields with what an earlier run was asked for with. */
export function EarlierRunField({ pipelineId, onFill }: { pipelineId: string; onFill(run: Earlier): void }) {
  const [chosen, setChosen] = useState('');
  const { data } = useQuery({
    queryKey: ['pipeline-earlier-runs', pipelineId],
    queryFn: ({ signal }) =>
      get<Page<Earlier>>(
        `pipelines/${pipelineId}/runs`,
        { limit: MOST, fields: 'number,attempt,branch,params,status,createdAt' },
        signal,
      ),
  });
  const runs = data?.items ?? [];
  return (
    <SelectField
      label="As in"
      hint="Fills in branch and parameters."
      value={chosen}
      required={false}
      options={[
        { value: '', label: 'no earlier run' },
        ...runs.map((run) => ({ value: nameOf(run), label: tell(run) })),
      ]}
      onChange={(event) => {
        setChosen(event.target.value);
        const run = runs.find((one) => nameOf(one) === event.target.value);
        if (run) onFill(run);
      }}
    />
  );
}

function nameOf({ number, attempt }: Earlier): string {
  return `#${number}${attempt > 1 ? `.${attempt}` : ''}`;
}

function tell(run: Earlier): string {
  const state = STATUS_LOOKS[stateOf(run.status, 'run', serverNow())].word.toLowerCase();
  return [nameOf(run), run.branch ?? '', state, describeAge(run.createdAt, serverNow())].filter(Boolean).join(' · ');
}
