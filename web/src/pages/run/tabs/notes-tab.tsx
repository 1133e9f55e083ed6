import { NotebookText } from 'lucide-react';
import type { NoteObject } from '#core/rest-tests.ts';
import type { RunObject } from '#core/rest.ts';
import type { Page } from '#core/rest.ts';
import { get } from '../../../data/http.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { AfterAMoment, SkeletonRows } from '../../../ui/skeleton.tsx';
import { Markdown } from './markdown/markdown.tsx';
import { useRunPart } from './use-run-part.ts';

/** What stages of a run left to be read (`note`, `$BUILDIT_SUMMARY`); of one stage when it is given. */
export function NotesTab({ run, stage }: { run: RunObject; stage: string | null }) {
  const { data, error, refetch } = useRunPart({
    ...{ name: 'run-notes', run },
    load: (signal) => get<Page<NoteObject>>(`runs/${run.id}/notes`, {}, signal),
  });
  if (error && !data)
    return <ErrorState what="The notes could not be read" problem={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <AfterAMoment>
        <SkeletonRows rows={6} />
      </AfterAMoment>
    );
  }
  const notes = data.items.filter((note) => stage === null || note.stage === stage);
  if (notes.length === 0) {
    return (
      <EmptyState icon={NotebookText} title="No notes" command={'echo "## Coverage 92 %" >> "$BUILDIT_SUMMARY"'}>
        A step that writes Markdown to this file leaves a note here.
      </EmptyState>
    );
  }
  return (
    <div className="space-y-6 overflow-auto p-4">
      {notes.map(({ id, stage: by, attempt, name, text }) => (
        <article key={id} aria-label={`Note ${name} of ${by}`}>
          <h3 className="mb-2 text-12 text-2">
            {name} · {by}
            {attempt > 1 ? ` · attempt ${attempt}` : ''}
          </h3>
          <Markdown text={text} />
        </article>
      ))}
    </div>
  );
}
