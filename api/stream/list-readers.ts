import { listChangedPipelines, listChangedRuns, listPipelinesById, readHorizon } from '#db/queries/changes.ts';
import { listRunsById } from '#db/queries/list-runs.ts';
import { chooseWorkspace } from '../access/authorize.ts';
import type { ApiContext } from '../context.ts';
import { loadRunObjects } from '../objects/load.ts';
import { loadPipelineObjects } from '../objects/pipeline-object.ts';
import { createListSource, type ListReader } from './list-source.ts';
import type { StreamReader, TopicSource } from './source.ts';

/** A list of a workspace, from where its snapshot stood (`seq` of the page). */
export interface ListTopic {
  name: string;
  /** `org/ws` */
  workspace: string;
  position: number;
}

/** `runs:ORG/WS`: runs as they come and go. */
export function createRunsSource(reader: StreamReader, topic: ListTopic): TopicSource {
  const { principal } = reader;
  const workspaceId = findWorkspaceId(reader, topic);
  const rings = [`runs:${workspaceId}`];
  return createListSource(
    { ...topic, rings },
    shareReader(reader, rings, {
      horizon: () => reader.data(readHorizon),
      look: (from, limit) =>
        reader.data(async (scoped) => ({
          horizon: await readHorizon(scoped),
          rows: await listChangedRuns(scoped, workspaceId, from, limit),
        })),
      load: (ids) =>
        reader.data(async (scoped) => {
          const objects = await loadRunObjects(scoped, await listRunsById(scoped, ids), principal);
          return new Map(objects.map((object) => [object.id, { kind: 'run', object }]));
        }),
    }),
  );
}

/** `pipelines:ORG/WS`: pipelines as they change, and as their last run does. */
export function createPipelinesSource(context: ApiContext, reader: StreamReader, topic: ListTopic): TopicSource {
  const { principal } = reader;
  const workspaceId = findWorkspaceId(reader, topic);
  const rings = [`pipelines:${workspaceId}`, `runs:${workspaceId}`];
  return createListSource(
    { ...topic, rings },
    shareReader(reader, rings, {
      horizon: () => reader.data(readHorizon),
      look: (from, limit) =>
        reader.data(async (scoped) => ({
          horizon: await readHorizon(scoped),
          rows: await listChangedPipelines(scoped, workspaceId, from, limit),
        })),
      load: (ids) =>
        reader.data(async (scoped) => {
          const rows = await listPipelinesById(scoped, ids);
          const objects = await loadPipelineObjects(context, scoped, rows, principal);
          return new Map(objects.map((object) => [object.id, { kind: 'pipeline', object }]));
        }),
    }),
  );
}

function findWorkspaceId(reader: StreamReader, topic: ListTopic): string {
  const { workspaceId } = chooseWorkspace(reader.principal, topic.workspace);
  if (workspaceId === null) throw new Error('a workspace was chosen');
  return workspaceId;
}

/** Streams that stand at the same place look together; by the workspace's id, as its name may be another's soon. */
function shareReader(reader: StreamReader, rings: readonly string[], list: ListReader): ListReader {
  const [place] = rings;
  return {
    horizon: () => reader.share(`horizon ${place}`, rings, () => list.horizon()),
    look: (from, limit) =>
      reader.share(`look ${place} ${from.changedIn} ${from.id}`, rings, () => list.look(from, limit)),
    load: (ids) => reader.share(`load ${place} ${ids.join(' ')}`, rings, () => list.load(ids)),
  };
}
