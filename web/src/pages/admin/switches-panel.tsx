import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { MaintenanceObject } from '#core/rest-health.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { beginMaintenance, endMaintenance } from '../../actions/maintenance.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { get } from '../../data/http.ts';
import { listWorkspaces, useMe } from '../../data/me.ts';
import { Badge } from '../../ui/badge.tsx';
import { InlineProblem } from '../../ui/error-state.tsx';
import { Age } from '../../ui/moment.tsx';
import { Panel } from '../../ui/panel.tsx';

/** Whether runs start at all, and the way to where those of one workspace are paused together (UI §4.16). */
export function SwitchesPanel() {
  const { data: me } = useMe();
  const { data, error, refetch } = useQuery({
    queryKey: ['list', 'system/maintenance'],
    queryFn: ({ signal }) => get<MaintenanceObject>('system/maintenance', {}, signal),
  });
  return (
    <Panel title="Maintenance" id="maintenance-switch">
      {error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null}
      <div className="flex min-h-16 flex-wrap items-center justify-between gap-3 p-4 text-13">
        <p className="max-w-160 text-2">
          {data?.on && data.since ? (
            <>
              <Badge hue="warning">On</Badge> No run starts since <Age at={data.since} />, by{' '}
              {describeActor(data.by ?? '')}
              {data.reason ? `: ${data.reason}` : '.'}
            </>
          ) : (
            'Before an upgrade or a repair: no run starts, and those that are open go on.'
          )}
        </p>
        {data ? (
          <>
            <ActionButton action={beginMaintenance} subject={data} />
            <ActionButton action={endMaintenance} subject={data} variant="primary" />
          </>
        ) : null}
      </div>
      <p className="border-t border-subtle px-4 py-3 text-13 text-2">
        In an incident all open runs of a workspace are paused together:{' '}
        {me
          ? listWorkspaces(me).map(({ id, path }, index) => (
              <span key={id}>
                {index > 0 ? ', ' : ''}
                <Link href={`/${path}/settings#incident`} className="text-link underline">
                  {path}
                </Link>
              </span>
            ))
          : null}
      </p>
    </Panel>
  );
}
