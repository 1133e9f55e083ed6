import { useState } from 'react';
import type { ApprovedGates, ApproveGatesRequest } from '#core/rest-gates.ts';
import type { GateBatch } from '../../actions/gate.ts';
import { write } from '../../data/http.ts';
import { useInbox } from '../../data/inbox.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { ProblemError } from '../../ui/describe-failure.ts';
import { InlineProblem } from '../../ui/error-state.tsx';
import { TextArea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { placeOf } from './choose-gates.ts';
import { describeGate } from './describe-gate.ts';
import { describeRun } from './describe-run.ts';

/** One yes for gates of one environment: each is listed, and one that is no longer in order stops all of them. */
export function ApproveGatesDialog({ subject, onClose }: { subject: GateBatch; onClose(): void }) {
  const { data: inbox, refetch } = useInbox();
  const [comment, setComment] = useState('');
  const [refused, setRefused] = useState<ApprovedGates['items']>([]);
  // What others decide meanwhile is shown while the dialog is open.
  const items = subject.items.map((item) => ({
    ...item,
    now: inbox?.waiting.find(({ gate }) => gate.id === item.gate.id)?.gate ?? null,
  }));
  const gone = items.filter(({ now }) => now === null).length;
  const form = useSubmit(async (key) => {
    const request: ApproveGatesRequest = {
      gates: items.map(({ gate, now }) => ({ id: gate.id, expectedSeq: (now ?? gate).seq })),
      ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
    };
    const { body } = await write<ApprovedGates>('POST', 'gates/decisions', request, { key });
    void refetch();
    const bad = body.items.filter(({ state }) => state === 'refused');
    const pending = body.items.filter(({ state }) => state === 'pending').length;
    const good = body.items.length - bad.length - pending;
    showToast({
      kind: 'done',
      text: pending === 0 ? `${good} approved` : `${good} approved, ${pending} still on the way`,
    });
    if (bad.length === 0) return onClose();
    setRefused(bad);
  });
  const [first] = subject.items;
  return (
    <FormDialog
      title={`Approve ${items.length} gates of ${first ? placeOf(first) : ''}`}
      verb={`Approve ${items.length}`}
      form={form}
      disabledReason={
        refused.length > 0
          ? 'the others are approved: decide these by themselves'
          : gone > 0
            ? `${gone} of them no longer ${gone === 1 ? 'waits' : 'wait'} for you: choose again`
            : null
      }
      onClose={onClose}
    >
      <ul aria-label="Gates" className="flex flex-col divide-y divide-subtle rounded-8 border border-subtle text-13">
        {items.map(({ gate, run, now }) => {
          const outcome = refused.find(({ id }) => id === gate.id);
          return (
            <li key={gate.id} className="flex flex-col gap-0.5 px-3 py-2">
              <span className="font-medium">
                {gate.name}{' '}
                <span className="tabular text-2">
                  {run.pipeline.name} #{run.number}
                </span>
              </span>
              <span className="text-2">
                {now === null ? 'no longer waits for you' : describeGate(now)} · {describeRun(run)}
              </span>
              {outcome?.state === 'refused' ? <InlineProblem problem={new ProblemError(outcome.problem)} /> : null}
            </li>
          );
        })}
      </ul>
      <TextArea
        label="Comment"
        rows={2}
        maxLength={4_000}
        hint="Kept with each of them."
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
    </FormDialog>
  );
}
