import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { GateObject, Page, RunObject, StageObject } from '#core/rest.ts';
import { applyStates, mergeAnswer } from '../../data/apply-states.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { type TopicEvent, useTopic } from '../../data/stream.ts';

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
    load: async (signal) => {
      const path = `pipelines/${encodeURIComponent(pipeline)}/runs/${number}`;
      const answer = await get<RunObject>(path, { workspace }, signal);
      const known = queries.getQueryData<RunObject>(runKey);
      return known?.id === answer.id && known.seq > answer.seq ? known : answer;
    },
  });
  const id = run.data?.id ?? '';
  const stages = useLiveQuery({ key: stagesKey(id), load: loadStages(queries, id), isEnabled: id !== '' });
  const gates = useLiveQuery({ key: gatesKey(id), load: loadGates(queries, id), isEnabled: id !== '' });

  // Of the first run that was read: stages and gates are asked for after it, so they are no older.
  const first = useRef({ id, seq: 0 });
  if (first.current.id !== id) first.current = { id, seq: run.data?.seq ?? 0 };
  // An event that comes before there is something to apply it to would be lost.
  const topic = run.data && stages.data && gates.data ? run.data.topic : null;
  useTopic(topic, first.current.seq, (events) => {
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
export function loadStages(queries: QueryClient, id: string) {
  return async (signal: AbortSignal): Promise<readonly StageObject[]> => {
    const { items } = await get<Page<StageObject>>(`runs/${id}/stages`, {}, signal);
    return mergeAnswer(queries.getQueryData<readonly StageObject[]>(stagesKey(id)), items);
  };
}

export function loadGates(queries: QueryClient, id: string) {
  return async (signal: AbortSignal): Promise<readonly GateObject[]> => {
    const { items } = await get<Page<GateObject>>(`runs/${id}/gates`, {}, signal);
    return mergeAnswer(queries.getQueryData<readonly GateObject[]>(gatesKey(id)), items);
  };
}
