import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DecisionRequest, GateObject } from '#core/rest.ts';
import { applyStates } from '../../../data/apply-states.ts';
import { write } from '../../../data/http.ts';
import { useLiveQuery } from '../../../data/live-queries.ts';
import { useTopic } from '../../../data/stream.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { TextArea } from '../../../ui/field.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { gatesKey, loadGates } from '../use-live-run.ts';
import { checkFields, GateFields, initialFields } from './gate-fields.tsx';
import { GateRules } from './gate-rules.tsx';
import { Meanwhile } from './meanwhile.tsx';
import { useWish } from './use-wish.ts';
import { WhatIsDecided } from './what-is-decided.tsx';

interface DecideProps {
  subject: GateObject;
  onClose(): void;
}

export function ApproveDialog(props: DecideProps) {
  return <DecideDialog {...props} verdict="approve" />;
}

export function RejectDialog(props: DecideProps) {
  return <DecideDialog {...props} verdict="reject" />;
}

/** What exactly is decided, and the decision: never optimistic, bound to the state of the gate that is shown. */
function DecideDialog({ subject, onClose, verdict }: DecideProps & { verdict: DecisionRequest['verdict'] }) {
  const queries = useQueryClient();
  const [comment, setComment] = useState('');
  const [fields, setFields] = useState(() => initialFields(subject.fields));
  const [isChecked, setChecked] = useState(false);
  const wish = useWish([['inbox']]);
  // What others decide meanwhile is shown while the dialog is open.
  const { data } = useLiveQuery({ key: gatesKey(subject.runId), load: loadGates(queries, subject.runId) });
  const gate = data?.find(({ id }) => id === subject.id) ?? subject;
  useTopic(data ? subject.topic : null, subject.seq, (events) => {
    const states = events.flatMap((event) => (event.event === 'state' && event.kind === 'gate' ? [event.object] : []));
    queries.setQueryData<readonly GateObject[]>(gatesKey(subject.runId), (old) => old && applyStates(old, states));
  });
  const isReject = verdict === 'reject';
  const commentError = isReject && comment.trim() === '' ? 'Say why: a rejection needs a comment' : null;
  const errors = isReject ? {} : checkFields(gate.fields, fields);
  const hasChanged = gate.planDigest !== subject.planDigest;
  const refusal = gate.can.approve === true ? null : gate.can.approve.no;

  const send = () => {
    setChecked(true);
    if (commentError !== null || Object.keys(errors).length > 0 || refusal !== null || hasChanged) return;
    const request: DecisionRequest = {
      verdict,
      expectedSeq: gate.seq,
      ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
      ...(isReject || gate.fields.length === 0 ? {} : { fields }),
    };
    wish.send<GateObject>(
      (key) => write('POST', `gates/${gate.id}/decisions`, request, { key }),
      () => {
        showToast({ kind: 'done', text: `${gate.name} ${isReject ? 'rejected' : 'approved'}` });
        void queries.invalidateQueries({ queryKey: gatesKey(gate.runId) });
        onClose();
      },
    );
  };
  const verb = isReject ? 'Reject' : 'Approve';
  return (
    <Dialog
      title={`${verb} ${gate.name}`}
      onClose={onClose}
      onSubmit={send}
      width="normal"
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Close
          </Button>
          <Button
            type="submit"
            variant={isReject ? 'danger' : 'primary'}
            isBusy={wish.isBusy}
            disabledReason={hasChanged ? 'the plan has changed since the dialog was opened' : refusal}
          >
            {verb}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <WhatIsDecided runId={gate.runId} />
        <GateRules gate={gate} />
        {isReject ? null : (
          <GateFields fields={gate.fields} values={fields} errors={isChecked ? errors : {}} onChange={setFields} />
        )}
        <TextArea
          label="Comment"
          required={isReject}
          rows={3}
          maxLength={4_000}
          value={comment}
          error={isChecked ? commentError : null}
          onChange={(event) => setComment(event.target.value)}
        />
        <Meanwhile before={subject} gate={gate} />
        {refusal === null ? null : <p className="text-13 text-2">{refusal}</p>}
        {wish.problem ? <InlineProblem problem={wish.problem} /> : null}
      </div>
    </Dialog>
  );
}
