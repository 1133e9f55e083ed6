import { useQueryClient } from '@tanstack/react-query';
import type { GateObject, Page, RunObject, StageObject } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { type TopicEvent, useTopic } from '../../data/stream.ts';
import { applyStates } from './apply-states.ts';

/** A run with its stages and gates, kept up to date. Undefined is what is not read yet. */
export interface LiveRun {
  run: RunObject | undefined;
  stages: readonly StageObject[] | undefined;
  gates: readonly GateObject[] | undefined;
  /** Why the last reading failed; what was read before is still there. */
  error: unknown;
  retry(): void;
}

export const stagesKey = (runId: string) => ['run-stages', runId] as const;
export const gatesKey = (runId: string) => ['run-gates', runId] as const;

/** @param number `142`, or `142.2` for one attempt of it */
export function useLiveRun(workspace: string, pipeline: string, number: string): LiveRun {
  const queries = useQueryClient();
  const runKey = ['pipeline-run', workspace, pipeline, number] as const;
  const run = useLiveQuery({
    key: runKey,
    load: (signal) => get<RunObject>(`pipelines/${encodeURIComponent(pipeline)}/runs/${number}`, { workspace }, signal),
  });
  const id = run.data?.id ?? '';
  const stages = useLiveQuery({ key: stagesKey(id), load: loadStages(id), isEnabled: id !== '' });
  const gates = useLiveQuery({ key: gatesKey(id), load: loadGates(id), isEnabled: id !== '' });

  useTopic(run.data ? run.data.topic : null, run.data?.seq, (events) => {
    if (events.some(({ event }) => event === 'resync')) {
      for (const key of [runKey, stagesKey(id), gatesKey(id)]) void queries.invalidateQueries({ queryKey: key });
    }
    const states = events.filter((event) => event.event === 'state');
    const last = findLastRun(events);
    if (last) queries.setQueryData<RunObject>(runKey, (old) => (old && old.seq >= last.seq ? old : last));
    queries.setQueryData<readonly StageObject[]>(stagesKey(id), (old) => {
      return (
        old &&
        applyStates(
          old,
          states.flatMap((state) => (state.kind === 'stage' ? state.object : [])),
        )
      );
    });
    queries.setQueryData<readonly GateObject[]>(gatesKey(id), (old) => {
      return (
        old &&
        applyStates(
          old,
          states.flatMap((state) => (state.kind === 'gate' ? state.object : [])),
        )
      );
    });
  });
  return {
    ...{ run: run.data, stages: stages.data, gates: gates.data },
    error: run.error ?? stages.error ?? gates.error,
    retry() {
      for (const query of [run, stages, gates]) if (query.error) void query.refetch();
    },
  };
}

function findLastRun(events: readonly TopicEvent[]): RunObject | null {
  for (const event of events.toReversed()) {
    if (event.event === 'state' && event.kind === 'run') return event.object;
    if (event.event === 'end' && 'planDigest' in event.object) return event.object;
  }
  return null;
}

/** Reads the stages of a run whole. */
export function loadStages(id: string) {
  return async (signal: AbortSignal): Promise<readonly StageObject[]> =>
    (await get<Page<StageObject>>(`runs/${id}/stages`, {}, signal)).items;
}

export function loadGates(id: string) {
  return async (signal: AbortSignal): Promise<readonly GateObject[]> =>
    (await get<Page<GateObject>>(`runs/${id}/gates`, {}, signal)).items;
}
