import * as z from 'zod/mini';
import type { AuditEventObject } from '#core/rest-audit.ts';
import { listAuditEvents, readAuditEvents, type AuditFilter, type AuditRowWithNames } from '#db/queries/audit.ts';
import { explainAction } from '../access/authorize.ts';
import type { Owner } from '../access/principal.ts';
import { requireOwner } from '../access/require-owner.ts';
import { readChain } from '../audit/chain-watch.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../audit/export.ts';
import { verifyChain } from '../audit/verify-chain.ts';
import type { ApiContext } from '../context.ts';
import { readPage } from '../page.ts';
import { route, type Call, type Route } from '../route.ts';
import { auditChainSchema, auditEventSchema, auditVerificationSchema } from '../schemas/audit.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';
import { streamText } from '../text-stream.ts';

const tag = 'audit';
const access = {
  kind: 'workspace-or-organization',
  workspace: 'audit:read',
  organization: 'organization:audit',
} as const;

/** In UTC: the database knows no offset of 16 hours and more, which RFC 3339 has, and no year 0. */
const moment = z.iso.datetime({ offset: true, abort: true }).check(
  z.overwrite((text) => new Date(text).toISOString()),
  z.refine((text) => /^\d{4}-/.test(text) && !text.startsWith('0000'), 'has no such year'),
);
const filters = {
  workspace: z.optional(z.string()),
  organization: z.optional(z.string()),
  id: z.optional(z.uuid()),
  actor: z.optional(z.string()),
  action: z.optional(z.string()),
  object: z.optional(z.string()),
  verdict: z.optional(z.enum(['done', 'refused'])),
  address: z.optional(z.string()),
  from: z.optional(moment),
  to: z.optional(moment),
};
const exportQuery = z.strictObject({ ...filters, format: z.enum(['ndjson', 'csv']) });

/** An answer has at most as many rows; `from` and `to` cut larger audits into pieces. */
const MAX_ROWS = 1_000_000;
const ROWS_AT_ONCE = 1_000;

/** What was done and what was refused, of an organization or one of its workspaces. */
export function auditRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/audit', name: 'listAudit', tag, access },
      summary: 'Lists what was done and refused, newest first.',
      query: z.strictObject({ ...pageQuery, ...filters }),
      answers: { 200: pageOf(auditEventSchema) },
      async handle(call) {
        const filter = toFilter(requireOwner(call), call.query);
        const page = await call.data((scoped) =>
          readPage(call.query, filter, (from, limit) => listAuditEvents(scoped, filter, from, limit), toEvent),
        );
        return call.request.json(page);
      },
    }),
    route({
      ...{ method: 'get', path: '/audit/export', name: 'exportAudit', tag, access },
      summary: 'Writes the audit out in its own order, at most a million rows.',
      query: exportQuery,
      answers: { 200: 'application/x-ndjson, text/csv' },
      handle(call) {
        const filter = toFilter(requireOwner(call), call.query);
        const format = EXPORT_FORMATS[call.query.format];
        const body = streamText(writeRows(call, filter, format));
        return new Response(body, {
          headers: {
            'Content-Type': format.contentType,
            'Content-Disposition': `attachment; filename="audit.${call.query.format}"`,
            'Cache-Control': 'no-store',
          },
        });
      },
    }),
    route({
      ...{ method: 'get', path: '/audit/chain', name: 'readAuditChain', tag, access },
      summary: 'Says up to when the chain is known to be what it was; costs a walk over what is new alone.',
      query: z.strictObject({ workspace: filters.workspace, organization: filters.organization }),
      answers: { 200: auditChainSchema },
      async handle(call) {
        const owner = requireOwner(call);
        const chain = await readChain(context, owner.organizationId);
        // The bad record may be of another workspace: who reads this one alone learns that there is one, not which.
        const maySeeAll = explainAction(call.principal, 'organization:audit', owner) === true;
        return call.request.json(maySeeAll ? chain : { ...chain, broken: null });
      },
    }),
    route({
      ...{ method: 'get', path: '/audit/verify', name: 'verifyAudit', tag },
      summary: "Walks an organization's chain and names the first row that is not what it was.",
      access: { kind: 'organization', action: 'organization:audit' },
      answers: { 200: auditVerificationSchema },
      async handle(call) {
        const { organizationId } = requireOwner(call);
        const { signal } = call.request.req.raw;
        return call.request.json(await verifyChain(context.database, organizationId, signal));
      },
    }),
  ];
}

/** Each stretch is a transaction of its own: a slow reader holds no connection. */
async function* writeRows(call: Pick<Call, 'data'>, filter: AuditFilter, format: ExportFormat): AsyncGenerator<string> {
  if (format.head !== '') yield format.head;
  let behind = 0;
  for (let rows = 0; rows < MAX_ROWS; rows += ROWS_AT_ONCE) {
    const stretch = await call.data((scoped) => readAuditEvents(scoped, filter, behind, ROWS_AT_ONCE));
    if (stretch.length > 0) yield stretch.map((row) => format.write(toEvent(row))).join('');
    if (stretch.length < ROWS_AT_ONCE) return;
    behind = stretch.at(-1)?.seq ?? behind;
  }
}

function toFilter(
  owner: Owner,
  query: z.infer<typeof exportQuery> | Omit<z.infer<typeof exportQuery>, 'format'>,
): AuditFilter {
  return {
    ...{ organizationId: owner.organizationId, workspaceId: owner.workspaceId },
    ...{ id: query.id ?? null, actor: query.actor ?? null, action: query.action ?? null, object: query.object ?? null },
    ...{ verdict: query.verdict ?? null, address: query.address ?? null },
    ...{ from: query.from ?? null, to: query.to ?? null },
  };
}

function toEvent(row: AuditRowWithNames): AuditEventObject {
  return {
    id: row.id,
    seq: row.seq,
    at: row.at,
    organization: row.organization,
    workspace: row.workspace,
    actor: row.actor,
    action: row.action,
    object: { kind: row.objectKind, id: row.objectId, name: row.objectName },
    verdict: row.verdict,
    code: row.code,
    address: row.address,
    requestId: row.requestId,
    detail: row.detail,
    hash: row.hash,
  };
}
