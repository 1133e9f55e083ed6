import { Link } from 'wouter';
import type { GroupObject, GroupPlace } from '#core/rest-groups.ts';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import { ActionButton } from '../../../actions/action-button.tsx';
import { releasePlace } from '../../../actions/group.ts';
import { Badge } from '../../../ui/badge.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { Age } from '../../../ui/moment.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { useGroups } from './use-groups.ts';

/** Who has the places of the concurrency groups of its open runs, and who waits for one (UI §4.3). */
export function GroupsPanel({ pipeline }: { pipeline: PipelineObject }) {
  const { data, error, refetch, isOpen } = useGroups(pipeline);
  if (!isOpen) return null;
  if (!data) return error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null;
  const groups = data.items.filter(({ holders, waiters }) => holders.length + waiters.length > 0);
  if (groups.length === 0) return null;
  return (
    <Panel title="Concurrency groups">
      {groups.map((group) => (
        <section key={group.group} aria-label={group.group} className="border-b border-subtle last:border-b-0">
          <h3 className="flex flex-wrap items-baseline gap-x-3 px-4 pt-3 pb-1 text-13 font-medium text-1">
            {group.group}
            <span className="text-12 font-normal text-2">
              {group.holders.length} of {group.limit} {group.limit === 1 ? 'place' : 'places'} taken,{' '}
              {group.waiters.length === 0 ? 'nobody waits' : `${group.waiters.length} waiting`}
            </span>
          </h3>
          <ol>
            {[...group.holders, ...group.waiters].map((place, index) => (
              <Place key={place.id} {...{ pipeline, group, place }} order={index - group.holders.length + 1} />
            ))}
          </ol>
        </section>
      ))}
    </Panel>
  );
}

/** `order` counts the queue from 1; who has a place is before it. */
function Place(props: { pipeline: PipelineObject; group: GroupObject; place: GroupPlace; order: number }) {
  const { pipeline, group, place, order } = props;
  const isHeld = order < 1;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-13">
      {isHeld ? <Badge hue="running">has a place</Badge> : <Badge>queue {order}</Badge>}
      <Link href={`/r/${place.run}`}>{place.label}</Link>
      {place.stage === null ? null : <span className="text-2">{place.stage}</span>}
      <span className="text-12 text-2">
        since <Age at={place.since} />
      </span>
      <span className="flex-1" />
      {isHeld ? (
        <ActionButton
          action={releasePlace}
          subject={{ id: place.id, pipelineId: pipeline.id, group, place }}
          size="dense"
          variant="secondary"
        />
      ) : null}
    </li>
  );
}
