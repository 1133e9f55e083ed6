import { useState } from 'react';
import { isFailure } from '#core/ending.ts';
import type { CancelledRuns, RerunRuns } from '#core/rest-batch.ts';
import type { RunObject } from '#core/rest.ts';
import type { RunBatch } from '../../actions/run-batch.ts';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Radio } from '../../ui/choice.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { serverNow } from '../../ui/moment.tsx';
import { stateOf, summarizeStates } from '../../ui/state.ts';
import { showToast } from '../../ui/toast.tsx';

interface BatchProps {
  subject: RunBatch;
  onClose(): void;
}

/** One question for all of them, with how many are in which state (UI §4.2). */
export function CancelRunsDialog({ subject: { runs, onDone }, onClose }: BatchProps) {
  const form = useSubmit(async (key) => {
    const request = { runs: runs.map(({ id }) => id) };
    const { body } = await write<CancelledRuns>('POST', 'runs/cancel', request, { key, query: placeOf(runs) });
    tellCancelled(body);
    onDone();
    onClose();
  });
  return (
    <FormDialog
      title={`Cancel ${count(runs)}`}
      verb={`Cancel ${count(runs)}`}
      isDangerous
      form={form}
      onClose={onClose}
    >
      <States runs={runs} />
      <p className="text-13 text-2">
        Stages that run are stopped: first asked, ended by force after their grace. What has not begun will not, except
        stages that always run; they have 10 minutes. When one of the runs cannot be cancelled, none is.
      </p>
    </FormDialog>
  );
}

/** A run may have ended between the look at all of them and its own cancel. */
function tellCancelled({ items }: CancelledRuns): void {
  const refused = items.filter((item) => item.state === 'refused');
  const done = items.length - refused.length;
  showToast({ kind: 'done', text: `${done} ${done === 1 ? 'run is' : 'runs are'} being cancelled` });
  if (refused.length === 0) return;
  const reasons = refused.map(({ label, problem }) => `${label}: ${problem.detail}`);
  showToast({ kind: 'error', text: `${refused.length} not cancelled`, hint: reasons.join('; ') });
}

export function RerunRunsDialog({ subject: { runs, onDone }, onClose }: BatchProps) {
  const whole = runs.filter(({ status }) => status.kind === 'ended' && !isFailure(status.ending)).length;
  const [kind, setKind] = useState<'failed' | 'all'>(whole === 0 ? 'failed' : 'all');
  const form = useSubmit(async (key) => {
    const request = { runs: runs.map(({ id }) => id), kind };
    const { body } = await write<RerunRuns>('POST', 'runs/rerun', request, { key, query: placeOf(runs) });
    showToast({ kind: 'done', text: `Started: ${body.items.map(({ label }) => label).join(', ')}` });
    onDone();
    onClose();
  });
  return (
    <FormDialog title={`Re-run ${count(runs)}`} verb={`Re-run ${count(runs)}`} form={form} onClose={onClose}>
      <States runs={runs} />
      <fieldset className="flex flex-col gap-1">
        <legend className="sr-only">What runs again</legend>
        <Radio
          name="kind"
          label="What failed, and what depends on it"
          disabledReason={whole === 0 ? null : `in ${whole} of them nothing failed`}
          isChecked={kind === 'failed'}
          onChange={() => setKind('failed')}
        />
        <Radio name="kind" label="Everything" isChecked={kind === 'all'} onChange={() => setKind('all')} />
      </fieldset>
      <p className="text-13 text-2">Each becomes the next attempt of its number. When one cannot run, none does.</p>
    </FormDialog>
  );
}

function States({ runs }: { runs: readonly RunObject[] }) {
  const { counts = [] } = summarizeStates(runs.map(({ status }) => stateOf(status, 'run', serverNow()))) ?? {};
  return (
    <ul aria-label="Runs by state" className="flex flex-wrap gap-x-4 gap-y-1 text-13">
      {counts.map(([state, number]) => (
        <li key={state} className="flex items-center gap-1.5">
          <span className="tabular font-medium">{number}</span> <StatusBadge state={state} />
        </li>
      ))}
    </ul>
  );
}

function placeOf(runs: readonly RunObject[]) {
  return { workspace: runs[0]?.workspace ?? null };
}

function count({ length }: readonly unknown[]): string {
  return `${length} ${length === 1 ? 'run' : 'runs'}`;
}
