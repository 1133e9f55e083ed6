import * as z from 'zod/mini';
import type { Transaction } from '#db/client.ts';
import { endAccess, lockWebhooksOf, moveWorkspace, putSigningKey } from '#db/queries/move-workspace.ts';
import { listWorkspaceDetails, lockWorkspaces, type WorkspaceDetailRow } from '#db/queries/workspaces.ts';
import type { SealedText } from '#store/secret/text-sealer.ts';
import { requireAction } from '../access/authorize.ts';
import type { OrganizationGrant, Principal } from '../access/principal.ts';
import { requireWorkspace } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { toWorkspaceObject } from '../objects/workspace-object.ts';
import { changeAccess } from '../people/change-access.ts';
import { requireClosed, requireNamed, requireRemovable } from '../people/removal.ts';
import { withWorkspace } from '../people/with-workspace.ts';
import { etagOf } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { line } from '../schemas/pipeline.ts';
import { workspaceSchema } from '../schemas/workspaces.ts';
import { purposeOf } from '../webhooks/courier.ts';

const OWNERS = 'organization:owners';

/** A workspace goes to another organization, with all that is in it, under its ids (UI §4.13). */
export function workspaceTransferRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'post', path: '/workspaces/:workspace/transfer', name: 'transferWorkspace', tag: 'workspaces' },
      summary: 'Puts a workspace into another organization, of which the caller is an owner too; its name confirms.',
      access: { kind: 'object', object: 'workspace', param: 'workspace', action: OWNERS },
      body: z.strictObject({ organization: z.string(), name: line(200) }),
      answers: { 200: workspaceSchema },
      async handle(call) {
        const owner = requireWorkspace(call);
        const target = requireTarget(call.principal, call.body.organization);
        const by = call.principal.actor;
        const move = { workspaceId: owner.workspaceId, from: owner.organizationId, to: target.id, by };
        return once(context, call.request, call.body, (keep) =>
          changeAccess(
            context,
            call,
            owner,
            OWNERS,
            async ({ transaction, granter }) => {
              requireAction(granter, OWNERS, { organizationId: target.id, workspaceId: null });
              const before = await requireRow(transaction, owner.workspaceId);
              requireNamed(`${before.organization}/${before.name}`, call.body.name);
              requireRemovable(before.id, 'transferred');
              if (move.from === move.to) throw refuseSame(target.name);
              requireClosed(await lockWorkspaces(transaction, [before.id]));
              if (!(await moveWorkspace(transaction, move))) throw refuseTaken(target.name, before.name);
              await context.moveSecrets(transaction, move);
              await moveWebhooks(context, transaction, move);
              const ended = await endAccess(transaction, before.id);
              const detail = { from: before.organization, to: target.name, ended };
              // In both chains: one has lost it, one has got it.
              for (const organizationId of [move.from, move.to].toSorted()) {
                await recordAudit(transaction, call, {
                  ...{ action: 'workspace.transfer', owner: { organizationId, workspaceId: before.id }, detail },
                  object: { kind: 'workspace', id: before.id, name: before.name },
                });
              }
              const after = await requireRow(transaction, before.id);
              const answer = answerJson(
                200,
                toWorkspaceObject(after, withWorkspace(granter, after), context.settings.retention),
                {
                  ETag: etagOf(after.version),
                },
              );
              await keep(transaction, answer);
              return answer;
            },
            target.id,
          ),
        );
      },
    }),
  ];
}

/** Throws 404 for one the caller is not in, 403 for one they do not own. */
function requireTarget(principal: Principal, name: string): OrganizationGrant {
  const target = principal.organizations.find((organization) => organization.name === name);
  if (!target) throw notFound(`organization ${name}`);
  requireAction(principal, OWNERS, { organizationId: target.id, workspaceId: null });
  return target;
}

/** Seals the keys of its webhooks for the organization it has gone to. */
async function moveWebhooks(
  { sealer }: ApiContext,
  transaction: Transaction,
  { workspaceId, from, to }: { workspaceId: string; from: string; to: string },
): Promise<void> {
  for (const { id, signingKey } of await lockWebhooksOf(transaction, workspaceId)) {
    const key = await sealer.open(from, purposeOf(id), signingKey as SealedText);
    await putSigningKey(transaction, id, await sealer.seal(to, purposeOf(id), key));
  }
}

async function requireRow(transaction: Transaction, id: string): Promise<WorkspaceDetailRow> {
  const [row] = await listWorkspaceDetails(transaction, [id]);
  if (row) return row;
  throw notFound(`workspace ${id}`);
}

function refuseSame(organization: string): ProblemError {
  return new ProblemError(422, 'same-organization', `it is in ${organization} already`, {
    errors: [{ pointer: '/organization', code: 'same-organization', message: 'is the one it is in' }],
    hint: 'choose another organization',
  });
}

function refuseTaken(organization: string, name: string): ProblemError {
  return new ProblemError(409, 'name-taken', `there is a workspace ${organization}/${name} already`, {
    hint: 'rename one of the two before',
  });
}
