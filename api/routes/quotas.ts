import * as z from 'zod/mini';
import { QUOTA_KINDS, type QuotaObject } from '#core/rest-workspaces.ts';
import { listQuotaPeaks, listWaitingStages } from '#db/queries/quota-peaks.ts';
import { listQuotas, setQuota, type QuotaRow } from '#db/queries/quotas.ts';
import { listWorkspaceDetails } from '#db/queries/workspaces.ts';
import type { Scoped } from '#db/scope.ts';
import { explainAction } from '../access/authorize.ts';
import type { Owner, Principal } from '../access/principal.ts';
import { requireWorkspace } from '../access/require-owner.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { quotaSchema } from '../schemas/workspaces.ts';

const tag = 'quotas';

/** Stages that an answer names. */
const MAX_WAITERS = 20;

/** What a workspace may use; without a limit it may use all there is. */
export function quotaRoutes(): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/quotas', name: 'listQuotas', tag },
      summary: 'Lists the quotas of a workspace with what is used now.',
      access: { kind: 'workspace', action: 'run:read' },
      answers: { 200: pageOf(quotaSchema) },
      async handle(call) {
        const owner = requireWorkspace(call);
        return call.request.json(wholePage(await call.data((scoped) => loadQuotas(scoped, owner, call.principal))));
      },
    }),
    route({
      ...{ method: 'get', path: '/quotas/:kind', name: 'getQuota', tag },
      summary: 'Answers one quota of a workspace.',
      access: { kind: 'workspace', action: 'run:read' },
      answers: { 200: quotaSchema },
      async handle(call) {
        const owner = requireWorkspace(call);
        const object = await call.data((scoped) => loadQuota(scoped, owner, call.principal, call.params.kind));
        return call.request.json(object, 200, { ETag: etagOf(object.version) });
      },
    }),
    route({
      ...{ method: 'put', path: '/quotas/:kind', name: 'setQuota', tag },
      summary: 'Sets a quota of a workspace; null takes the limit away. It holds from the next start on.',
      access: { kind: 'workspace', action: 'quota:write' },
      body: z.strictObject({ limit: z.nullable(z.int().check(z.gte(0))) }),
      answers: { 200: quotaSchema },
      async handle(call) {
        const owner = requireWorkspace(call);
        const object = await call.data(async (scoped) => {
          const before = await loadQuota(scoped, owner, call.principal, call.params.kind);
          requireMatch(call.request, before.version, before);
          const { workspaceId } = owner;
          const { id: kind, version } = before;
          const { limit: value } = call.body;
          if (!(await setQuota(scoped, { workspaceId, kind, value, version, updatedBy: call.principal.actor }))) {
            throw new ProblemError(412, 'changed-meanwhile', 'somebody changed it since it was read', {
              hint: 'look at it again',
            });
          }
          await recordAudit(scoped, call, {
            ...{ action: 'quota.set', owner, object: { kind: 'quota', id: kind, name: kind } },
            detail: { before: { limit: before.limit }, after: { limit: value } },
          });
          return loadQuota(scoped, owner, call.principal, kind);
        });
        return call.request.json(object, 200, { ETag: etagOf(object.version) });
      },
    }),
  ];
}

async function loadQuota(
  scoped: Scoped,
  owner: Owner & { workspaceId: string },
  principal: Principal,
  kind: string,
): Promise<QuotaObject> {
  const object = (await loadQuotas(scoped, owner, principal)).find(({ id }) => id === kind);
  if (object) return object;
  throw notFound(`quota ${kind} (there are ${QUOTA_KINDS.join(', ')})`);
}

async function loadQuotas(
  scoped: Scoped,
  owner: Owner & { workspaceId: string },
  principal: Principal,
): Promise<QuotaObject[]> {
  const [workspace] = await listWorkspaceDetails(scoped, [owner.workspaceId]);
  const name = workspace ? `${workspace.organization}/${workspace.name}` : '';
  const update = explainAction(principal, 'quota:write', owner);
  const [rows, peaks, waiting] = await Promise.all([
    listQuotas(scoped, owner.workspaceId),
    listQuotaPeaks(scoped, owner.workspaceId),
    listWaitingStages(scoped, owner.workspaceId, MAX_WAITERS),
  ]);
  const waiters = waiting.map(({ runId: run, label, stage, askedAt }) => ({ run, label, stage, askedAt }));
  return rows.map((row: QuotaRow) => ({
    id: row.kind,
    workspace: name,
    limit: row.value,
    used: row.used,
    resetsAt: row.resetsAt,
    waiting: row.waiting,
    waiters: row.kind === 'stages-at-once' ? waiters : [],
    peak: peaks[row.kind] ?? null,
    version: row.version,
    updatedBy: row.updatedBy,
    updatedAt: row.updatedAt,
    can: { update },
  }));
}
