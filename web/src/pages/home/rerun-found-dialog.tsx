import { useQuery } from '@tanstack/react-query';
import type { InboxRun } from '#core/rest-inbox.ts';
import type { RunObject } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { RerunDialog } from '../run/dialogs/rerun-dialog.tsx';

/** The dialog that runs again, for a run of which only the summary is there. */
export function RerunFoundDialog({ subject, onClose }: { subject: InboxRun; onClose(): void }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['run', subject.id],
    queryFn: ({ signal }) => get<RunObject>(`runs/${subject.id}`, {}, signal),
  });
  if (data) return <RerunDialog subject={{ run: data }} onClose={onClose} />;
  return (
    <Dialog title={`Re-run ${subject.label}`} onClose={onClose} width="normal">
      {error ? (
        <ErrorState what="The run could not be read" problem={error} onRetry={() => void refetch()} />
      ) : (
        <AfterAMoment>
          <SkeletonRows rows={4} />
        </AfterAMoment>
      )}
    </Dialog>
  );
}
