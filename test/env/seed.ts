import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { v7 as createId } from 'uuid';
import type { ObjectKind } from '#api/route.ts';
import { asJson } from '#db/client.ts';
import type { TestApi } from './api.ts';
import type { Ask } from './ask.ts';

/** The parts of a server that a seed is put into. */
export interface SeedPlace {
  api: TestApi;
  /** Owner of the organization. */
  owner: Ask;
  organization: string;
  workspace: string;
}

const TEXT = `
stage "build" { image "busybox:1.37"; run "true" }
stage "ship" {
  needs "build"
  gate { approve from="user:nobody" }
  image "busybox:1.37"
  run "true"
}
`;

/**
 * One object of each kind that a path can name, in one workspace: what can be made by the API is, the rest is written.
 * Answers their ids.
 */
export async function seedObjects(place: SeedPlace): Promise<Record<ObjectKind, string>> {
  const { api, owner, organization, workspace } = place;
  const { database } = api;
  const inWorkspace = `?workspace=${organization}/${workspace}`;
  const inOrganization = `?organization=${organization}`;
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await owner('POST', path, body);
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return (answer.body as { id: string }).id;
  };
  const pipeline = await make(`/pipelines${inWorkspace}`, { name: 'seeded', text: TEXT });
  const run = await make(`/pipelines/${pipeline}/runs`, {});
  const [ids] = await database<{ workspaceId: string; organizationId: string; gateId: string; memberId: string }[]>`
    SELECT runs.workspace_id, workspaces.organization_id, gates.id AS gate_id, organization_members.id AS member_id
    FROM runs JOIN workspaces ON workspaces.id = runs.workspace_id JOIN gates ON gates.run_id = runs.id
      JOIN organization_members ON organization_members.organization_id = workspaces.organization_id
    WHERE runs.id = ${run} LIMIT 1`;
  if (!ids) throw new Error('the seeded run is not there');
  const artifact = await insertArtifact(place, run);
  const [command, delivery, webhook] = [createId(), createId(), createId()];
  await database`
    INSERT INTO commands (id, run_id, update_id, update_name, update_arguments, state)
    VALUES (${command}, ${run}, ${command}, 'cancelRun', '[]', 'accepted')`;
  await database`
    INSERT INTO webhooks (id, workspace_id, url, events, signing_key, created_by)
    VALUES (${webhook}, ${ids.workspaceId}, 'https://example.com/', '["run.ended"]', '{}', 'user:seed')`;
  await database`
    INSERT INTO webhook_deliveries (id, webhook_id, workspace_id, event, subject, payload, state)
    VALUES (${delivery}, ${webhook}, ${ids.workspaceId}, 'run.ended', ${run}, '{}', 'delivered')`;
  return {
    ...{ run, pipeline, artifact, command, webhook, delivery },
    gate: ids.gateId,
    member: ids.memberId,
    workspace: ids.workspaceId,
    organization: ids.organizationId,
    environment: await make(`/environments${inWorkspace}`, { name: 'seeded' }),
    secret: await make(`/secrets${inWorkspace}`, { name: 'SEEDED', value: 'a seeded value' }),
    team: await make(`/teams${inOrganization}`, { name: 'seeded' }),
    role: await make(`/roles${inOrganization}`, { name: 'seeded', actions: ['run:read'] }),
    token: await insertToken(place, ids),
    invitation: await insertInvitation(place, ids),
  };
}

/** A stage's attempt saves it. */
async function insertArtifact({ api: { context, database } }: SeedPlace, run: string) {
  const id = createId();
  const tar = pack();
  tar.entry({ name: 'index.html' }, 'seeded');
  tar.finalize();
  const key = { runId: run, stage: 'build', attempt: 1, name: 'dist' };
  const reference = await context.stores.artifacts.save(key, Readable.from(tar));
  await database`
    INSERT INTO artifacts (id, run_id, stage, attempt, name, files, bytes, reference)
    VALUES (${id}, ${run}, 'build', 1, 'dist', ${reference.files}, ${reference.bytes}, ${asJson(database, reference)})`;
  return id;
}

/** Making one wants a fresh sign-in by a browser. */
async function insertToken({ api: { database } }: SeedPlace, ids: { organizationId: string; workspaceId: string }) {
  const id = createId();
  await database`
    INSERT INTO api_tokens (id, organization_id, workspace_id, user_id, created_by, name, scopes, token_hash, prefix,
      last_four, expires_at)
    SELECT ${id}, ${ids.organizationId}, ${ids.workspaceId}, user_id, 'user:seed', 'seeded', '["run:read"]', ${id},
      'bi_pat_', 'abcd', now() + interval '1 day'
    FROM organization_members WHERE organization_id = ${ids.organizationId} AND role = 'owner' LIMIT 1`;
  return id;
}

async function insertInvitation({ api: { database } }: SeedPlace, ids: { organizationId: string }) {
  const id = createId();
  await database`
    INSERT INTO invitations (id, organization_id, email, role, bindings, token_hash, invited_by, expires_at)
    VALUES (${id}, ${ids.organizationId}, 'new@example.com', 'member', '[]', ${id}, 'user:seed', now() + interval '1 day')`;
  return id;
}
