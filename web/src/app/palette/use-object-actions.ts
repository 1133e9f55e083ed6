import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { Page, RunObject, StageObject } from '#core/rest.ts';
import { bindActions, type ActionRunner, type BoundAction } from '../../actions/action.ts';
import { PIPELINE_ACTIONS } from '../../actions/pipeline.ts';
import { RUN_ACTIONS } from '../../actions/run.ts';
import { useActionRunner } from '../../actions/runner.tsx';
import { get } from '../../data/http.ts';
import { usePlace } from '../place.ts';
import type { PaletteEntry } from './entry.ts';

type Loaded =
  | { kind: 'run'; run: RunObject; stages: readonly StageObject[] }
  | { kind: 'pipeline'; pipeline: PipelineObject };

/** Actions of the object that a row stands for, with their keys and reasons; none while they are read. */
export function useObjectActions(entry: PaletteEntry | null): PaletteEntry[] {
  const { run: runner } = useActionRunner();
  const [, goTo] = useLocation();
  const place = usePlace();
  const object = entry?.object;
  const { data } = useQuery({
    queryKey: ['palette', 'object', object?.kind, object?.id],
    queryFn: ({ signal }) => load(object?.kind ?? 'run', object?.id ?? '', signal),
    enabled: object !== undefined,
  });
  if (!entry || !object || !data) return [];
  // Dialogs of a pipeline are those of the workspace that the address names.
  if (data.kind === 'pipeline' && data.pipeline.workspace !== place?.path) return [];
  const href = entry.does.kind === 'go' ? entry.does.href : '';
  return bind(data, { href, goTo }, runner).map(toEntry);
}

async function load(kind: Loaded['kind'], id: string, signal: AbortSignal): Promise<Loaded> {
  if (kind === 'pipeline') return { kind, pipeline: await get<PipelineObject>(`pipelines/${id}`, {}, signal) };
  const [run, stages] = await Promise.all([
    get<RunObject>(`runs/${id}`, {}, signal),
    get<Page<StageObject>>(`runs/${id}/stages`, {}, signal),
  ]);
  return { kind, run, stages: stages.items };
}

function bind(loaded: Loaded, way: { href: string; goTo(href: string): void }, runner: ActionRunner): BoundAction[] {
  if (loaded.kind === 'run') {
    const { run, stages } = loaded;
    return bindActions(RUN_ACTIONS, { id: run.id, run, stages }, runner);
  }
  const { pipeline } = loaded;
  return bindActions(PIPELINE_ACTIONS, { id: pipeline.id, pipeline, ...way }, runner);
}

function toEntry({ id, label, icon, key, availability, run }: BoundAction): PaletteEntry {
  const no = availability === 'yes' ? {} : { no: availability.no };
  return { id, label, icon, key, detail: 'Action', does: { kind: 'act', run }, ...no };
}
