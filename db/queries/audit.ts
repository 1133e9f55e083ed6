import { asJson, type Database, type Transaction } from '../client.ts';
import { isId } from '../id.ts';
import type { AuditRow } from '../rows.ts';
import { inOrganizations, type Scoped } from '../scope.ts';

/** Adds an event; the commit gives it its place in the chain. */
export async function insertAuditEvent(transaction: Transaction, event: Omit<AuditRow, 'seq' | 'hash'>): Promise<void> {
  await transaction`
    INSERT INTO audit_events (id, organization_id, workspace_id, at, actor, action, object_kind, object_id, object_name,
      verdict, code, address, request_id, detail, digest)
    VALUES (${event.id}, ${event.organizationId}, ${event.workspaceId}, ${event.at}, ${event.actor}, ${event.action},
      ${event.objectKind}, ${event.objectId}, ${event.objectName}, ${event.verdict}, ${event.code}, ${event.address},
      ${event.requestId}, ${asJson(transaction, event.detail)}, ${event.digest})`;
}

/**
 * Who gave an object its present version, of what was not refused: who lets somebody into a team changes no team. Null
 * where nobody did, or it is not in its place yet.
 */
export async function findLastActor(
  database: Database,
  { organizationId, objectId }: { organizationId: string; objectId: string },
): Promise<string | null> {
  const [row] = await database<{ actor: string }[]>`
    SELECT actor FROM audit_events
    WHERE organization_id = ${organizationId} AND object_id = ${objectId} AND verdict = 'done'
      AND split_part(action, '.', 2) IN ('change', 'lock', 'unlock')
    ORDER BY seq DESC NULLS LAST LIMIT 1`;
  return row?.actor ?? null;
}

/** Which events of an organization. Null is no limit. */
export interface AuditFilter {
  organizationId: string;
  workspaceId: string | null;
  /** Of one event. */
  id: string | null;
  actor: string | null;
  action: string | null;
  /** Id or name. */
  object: string | null;
  verdict: AuditRow['verdict'] | null;
  /** Of the client, as it is written: no network. */
  address: string | null;
  /** From this moment on, and before this one. */
  from: string | null;
  to: string | null;
}

/** A committed event, which has its place, with the names of where it happened. */
export type AuditRowWithNames = AuditRow & {
  seq: number;
  hash: string;
  organization: string;
  /** Null without a workspace, for one that is no more, and for one that has gone to another organization. */
  workspace: string | null;
};

/** Newest first, one more than `limit` when there are more in the direction asked for. */
export async function listAuditEvents(
  scoped: Scoped,
  filter: AuditFilter,
  from: { direction: 'older' | 'newer'; id: string } | null,
  limit: number,
): Promise<AuditRowWithNames[]> {
  const isBackward = from?.direction === 'newer';
  const place = scoped`(SELECT seq FROM audit_events WHERE id = ${from?.id ?? null})`;
  const edge =
    from === null ? scoped`` : isBackward ? scoped`AND events.seq > ${place}` : scoped`AND events.seq < ${place}`;
  const rows = await scoped<AuditRowWithNames[]>`
    ${selectEvents(scoped, filter)} ${edge}
    ORDER BY events.seq ${isBackward ? scoped`ASC` : scoped`DESC`} LIMIT ${limit + 1}`;
  return isBackward ? rows.toReversed() : rows;
}

/** The next ones in the order of the chain, behind a place. */
export async function readAuditEvents(
  scoped: Scoped,
  filter: AuditFilter,
  behind: number,
  limit: number,
): Promise<AuditRowWithNames[]> {
  return scoped<AuditRowWithNames[]>`
    ${selectEvents(scoped, filter)} AND events.seq > ${behind} ORDER BY events.seq LIMIT ${limit}`;
}

function selectEvents(scoped: Scoped, filter: AuditFilter) {
  const none = scoped``;
  const { workspaceId, actor, action, object, verdict, address } = filter;
  return scoped`
    SELECT events.*, organizations.name AS organization, organizations.name || '/' || workspaces.name AS workspace
    FROM audit_events AS events
    JOIN organizations ON organizations.id = events.organization_id
    LEFT JOIN workspaces ON workspaces.id = events.workspace_id
      AND workspaces.organization_id = events.organization_id
    WHERE ${inOrganizations(scoped, 'events.organization_id')} AND events.organization_id = ${filter.organizationId}
      AND events.seq IS NOT NULL
      ${workspaceId === null ? none : scoped`AND events.workspace_id = ${workspaceId}`}
      ${filter.id === null ? none : scoped`AND events.id = ${filter.id}`}
      ${actor === null ? none : scoped`AND events.actor = ${actor}`}
      ${action === null ? none : scoped`AND events.action = ${action}`}
      ${object === null ? none : scoped`AND ${scoped(`events.object_${isId(object) ? 'id' : 'name'}`)} = ${object}`}
      ${verdict === null ? none : scoped`AND events.verdict = ${verdict}`}
      ${address === null ? none : scoped`AND events.address = ${address}`}
      ${filter.from === null ? none : scoped`AND events.at >= ${filter.from}`}
      ${filter.to === null ? none : scoped`AND events.at < ${filter.to}`}`;
}

/** Where a chain ends, by its head and by its rows. */
export async function readAuditEnd(
  database: Database,
  organizationId: string,
): Promise<{ head: { seq: number; hash: string } | null; last: { seq: number; id: string } | null }> {
  const [row] = await database<
    { headSeq: number | null; hash: string | null; lastSeq: number | null; lastId: string | null }[]
  >`
    SELECT head.seq AS head_seq, head.hash, last.seq AS last_seq, last.id AS last_id
    FROM (SELECT ${organizationId}::uuid AS id) AS organization
    LEFT JOIN audit_heads AS head ON head.organization_id = organization.id
    LEFT JOIN LATERAL (
      SELECT seq, id FROM audit_events WHERE organization_id = organization.id ORDER BY seq DESC NULLS LAST LIMIT 1
    ) AS last ON true`;
  return {
    head: row?.headSeq && row.hash ? { seq: row.headSeq, hash: row.hash } : null,
    last: row?.lastSeq && row.lastId ? { seq: row.lastSeq, id: row.lastId } : null,
  };
}

/** A stretch of a chain, by the owner of the tables: it is whole only with the rows of all workspaces. */
export async function readAuditChain(
  database: Database,
  organizationId: string,
  behind: number,
  upTo: number,
  limit: number,
): Promise<(AuditRow & { seq: number; hash: string })[]> {
  return database<(AuditRow & { seq: number; hash: string })[]>`
    SELECT * FROM audit_events
    WHERE organization_id = ${organizationId} AND seq > ${behind} AND seq <= ${upTo} ORDER BY seq LIMIT ${limit}`;
}
