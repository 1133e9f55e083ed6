import type { SecretRow } from '../rows.ts';
import { inOrganizations, inWorkspaces, type Scoped } from '../scope.ts';
import type { SecretWithNames } from './secrets.ts';

/** A pipeline with its present text, where a secret might hold. */
export interface ReceivingPipeline {
  id: string;
  workspaceId: string;
  /** `org/ws` */
  workspace: string;
  name: string;
  version: number;
  digest: string;
  text: string;
}

/** Pipelines with a text on the server where the secret holds, by name; at most `limit`, and how many there are. */
export async function listReceivingPipelines(
  scoped: Scoped,
  secret: Pick<SecretWithNames, 'organizationId' | 'workspaceId' | 'pipelineId'>,
  limit: number,
): Promise<{ pipelines: ReceivingPipeline[]; total: number }> {
  const { workspaceId, pipelineId } = secret;
  const none = scoped``;
  const rows = await scoped<(ReceivingPipeline & { total: number })[]>`
    SELECT pipelines.id, pipelines.workspace_id, pipelines.name, versions.version, versions.digest, versions.text,
      organizations.name || '/' || workspaces.name AS workspace, count(*) OVER ()::int AS total
    FROM pipelines
      JOIN pipeline_versions AS versions ON versions.pipeline_id = pipelines.id AND versions.version = pipelines.version
      JOIN workspaces ON workspaces.id = pipelines.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE pipelines.deleted_at IS NULL AND ${inWorkspaces(scoped, 'pipelines.workspace_id')}
      AND workspaces.organization_id = ${secret.organizationId}
      ${workspaceId === null ? none : scoped`AND pipelines.workspace_id = ${workspaceId}`}
      ${pipelineId === null ? none : scoped`AND pipelines.id = ${pipelineId}`}
    ORDER BY workspace, pipelines.name, pipelines.id LIMIT ${limit}`;
  return { pipelines: rows, total: rows[0]?.total ?? 0 };
}

/** A secret of a name with the name of its environment. */
export type NamedPlace = Pick<SecretRow, 'id' | 'workspaceId' | 'pipelineId'> & { environment: string | null };

/** Every secret of a name in an organization, the nearest kind of place first: pipeline, environment, workspace. */
export async function listPlacesOfName(scoped: Scoped, organizationId: string, name: string): Promise<NamedPlace[]> {
  return scoped<NamedPlace[]>`
    SELECT secrets.id, secrets.workspace_id, secrets.pipeline_id, environments.name AS environment
    FROM secrets LEFT JOIN environments ON environments.id = secrets.environment_id
    WHERE secrets.organization_id = ${organizationId} AND ${inOrganizations(scoped, 'secrets.organization_id')}
      AND (secrets.workspace_id IS NULL OR ${inWorkspaces(scoped, 'secrets.workspace_id')}) AND secrets.name = ${name}
    ORDER BY secrets.pipeline_id IS NULL, secrets.environment_id IS NULL, secrets.workspace_id IS NULL`;
}
