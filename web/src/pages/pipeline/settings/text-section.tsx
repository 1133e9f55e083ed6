import { useMemo, type ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Conflict, describeMeanwhile } from '../../../ui/conflict.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { diffLines } from '../edit/diff-lines.ts';
import { DiffView } from '../edit/diff-view.tsx';
import type { useTextDraft } from './use-text-draft.ts';

/** A text that waits for Save (Ctrl+Enter): what changes is shown before, and what somebody else saved beside it. */
export function TextSection(props: {
  title: string;
  /** What somebody else has saved: `another description`. */
  what: string;
  /** Who has changed it last; null where nobody knows. */
  by: string | null;
  draft: ReturnType<typeof useTextDraft>;
  present: string;
  /** Why it may not be changed. */
  refusal: string | null;
  /** What is wrong with what is typed. */
  wrong?: string | null;
  form: { isBusy: boolean; problem: unknown; submit(): void };
  children: ReactNode;
}) {
  const { title, what, by, draft, present, refusal, wrong = null, form, children } = props;
  const lines = useMemo(() => diffLines(draft.base, draft.text), [draft.base, draft.text]);
  const meanwhile = draft.isStale ? describeMeanwhile(by, what) : null;
  const reason = refusal ?? (meanwhile && 'it was changed meanwhile') ?? (draft.isDirty ? wrong : 'nothing is changed');
  const submit = () => {
    if (reason === null) form.submit();
  };
  return (
    <Panel title={title}>
      <form
        noValidate
        className="flex max-w-160 flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          submit();
        }}
      >
        {children}
        {draft.isDirty ? <DiffView lines={lines} /> : null}
        {meanwhile ? (
          <Conflict title={meanwhile} present={present} onKeep={draft.rebase} onTake={draft.discard} />
        ) : form.problem ? (
          <InlineProblem problem={form.problem} />
        ) : null}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" isBusy={form.isBusy} disabledReason={reason} kbd="Ctrl Enter">
            Save
          </Button>
          {draft.isDirty ? <Button onClick={draft.discard}>Discard changes</Button> : null}
        </div>
      </form>
    </Panel>
  );
}
