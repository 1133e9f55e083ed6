import { write } from '../../data/http.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';

/** Begins maintenance, with what people are told whose runs do not start. */
export function MaintenanceDialog({ onClose }: { onClose(): void }) {
  return (
    <ReasonDialog
      title="Begin maintenance"
      verb="Begin maintenance"
      effect="No run starts in any workspace: triggers are refused and told to ask again. Open runs go on to their end. It stands in the audit of every organization."
      hint="Whoever starts a run is told."
      refreshes={['system/maintenance']}
      send={async (reason, key) => {
        await write('PUT', 'system/maintenance', { on: true, ...(reason ? { reason } : {}) }, { key });
        showToast({ kind: 'done', text: 'No run starts until maintenance is ended' });
      }}
      onClose={onClose}
    />
  );
}
