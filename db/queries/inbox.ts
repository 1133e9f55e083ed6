import type { Decision } from '#core/gate.ts';
import { idAt } from '../id.ts';
import type { GateRow } from '../rows.ts';
import { inOrganizations, inWorkspaces, isAmong, type Scoped } from '../scope.ts';
import { pickStanding } from './default-branch.ts';
import { selectRuns, type RunWithNames } from './find-run.ts';
import { newestRuns } from './newest-runs.ts';

/** Gates of the workspaces that ask for a decision, oldest first. */
export function listGatesOf(scoped: Scoped, workspaceIds: readonly string[], limit: number): Promise<GateRow[]> {
  return scoped<GateRow[]>`
    SELECT * FROM gates
    WHERE status_kind = 'waiting' AND opened_at IS NOT NULL AND ${inWorkspaces(scoped)}
      AND ${isAmong(scoped, 'workspace_id', workspaceIds)}
    ORDER BY opened_at LIMIT ${limit}`;
}

/** The last ended run of each pipeline on its default branch ({@link pickStanding}) where it did not succeed, newest first. */
export function listBroken(scoped: Scoped, limit: number): Promise<RunWithNames[]> {
  return scoped<RunWithNames[]>`
    ${selectRuns(
      scoped,
      scoped`(
        SELECT latest.* FROM pipelines AS place CROSS JOIN LATERAL (
          ${pickStanding(scoped, { columns: scoped`*`, conditions: scoped`AND runs.status_kind = 'ended'` })}
        ) AS latest
        WHERE place.deleted_at IS NULL AND ${inWorkspaces(scoped, 'place.workspace_id')}
      ) AS runs`,
    )}
    WHERE runs.ending IN ('failed', 'errored', 'timed-out') ORDER BY runs.id DESC LIMIT ${limit}`;
}

/** For each pipeline the first run of its default branch that did not succeed since one did. */
export interface FirstBrokenRow {
  pipelineId: string;
  id: string;
  endedAt: string;
}

/** Since when pipelines are broken: in the order of the runs, those that were cancelled or skipped aside. */
export function listFirstBroken(scoped: Scoped, pipelineIds: readonly string[]): Promise<FirstBrokenRow[]> {
  const succeeded = scoped`AND runs.status_kind = 'ended' AND runs.ending IN ('passed', 'soft-failed')`;
  const failed = scoped`AND runs.status_kind = 'ended' AND runs.ending IN ('failed', 'errored', 'timed-out')
    AND (good.id IS NULL OR runs.id > good.id)`;
  return scoped<FirstBrokenRow[]>`
    SELECT place.id AS pipeline_id, broken.id, broken.ended_at
    FROM pipelines AS place
      LEFT JOIN LATERAL (${pickStanding(scoped, { columns: scoped`id`, conditions: succeeded })}) AS good ON true
      CROSS JOIN LATERAL (
        ${pickStanding(scoped, { columns: scoped`id, ended_at`, conditions: failed, isOldest: true })}
      ) AS broken
    WHERE ${isAmong(scoped, 'place.id', pipelineIds)} AND ${inWorkspaces(scoped, 'place.workspace_id')}`;
}

/** A decision with the gate and the run it is of. */
export interface NewestDecisionRow {
  gate: string;
  runId: string;
  decision: Decision;
}

/** The last decisions of anybody, newest first: of each workspace its last by an index ({@link newestRuns} says why). */
export function listNewestDecisions(scoped: Scoped, limit: number): Promise<NewestDecisionRow[]> {
  return scoped<NewestDecisionRow[]>`
    SELECT gates.name AS gate, gates.run_id, newest.decision
    FROM (
      SELECT found.* FROM workspaces AS place CROSS JOIN LATERAL (
        SELECT gate_id, decision, at FROM decisions WHERE decisions.workspace_id = place.id
        ORDER BY decisions.at DESC LIMIT ${limit}
      ) AS found
      WHERE ${inWorkspaces(scoped, 'place.id')} ORDER BY found.at DESC LIMIT ${limit}
    ) AS newest JOIN gates ON gates.id = newest.gate_id
    ORDER BY newest.at DESC`;
}

/** Runs that an actor started since a moment (ms since epoch), newest first. */
export function listRunsOf(scoped: Scoped, actor: string, since: number, limit: number): Promise<RunWithNames[]> {
  const conditions = scoped`AND runs.started_by = ${actor} AND runs.id > ${idAt(since)}`;
  return scoped<RunWithNames[]>`
    ${selectRuns(scoped, newestRuns(scoped, { conditions, limit }))} ORDER BY runs.id DESC`;
}

/** Tokens of a person that count now and end before a moment, soonest first. */
export function listEndingTokens(
  scoped: Scoped,
  userId: string,
  before: string,
): Promise<{ id: string; name: string; expiresAt: string }[]> {
  return scoped<{ id: string; name: string; expiresAt: string }[]>`
    SELECT id, name, expires_at FROM api_tokens
    WHERE user_id = ${userId} AND revoked_at IS NULL AND expires_at > now() AND expires_at < ${before}::timestamptz
    ORDER BY expires_at LIMIT 50`;
}

export interface DueSecretRow {
  id: string;
  name: string;
  expiresAt: string;
  organization: string;
  /** `org/workspace`; null for one of the organization. */
  workspace: string | null;
}

/** Secrets of the workspaces and organizations whose rule wants another value before a moment, the most due first. */
export function listDueSecrets(
  scoped: Scoped,
  where: { workspaceIds: readonly string[]; organizationIds: readonly string[] },
  before: string,
): Promise<DueSecretRow[]> {
  return scoped<DueSecretRow[]>`
    SELECT secrets.id, secrets.name, organizations.name AS organization, organizations.name || '/' || workspaces.name AS workspace,
      present.created_at + make_interval(days => secrets.rotate_days) AS expires_at
    FROM secrets JOIN secret_versions present ON present.secret_id = secrets.id AND present.version = secrets.version
      JOIN organizations ON organizations.id = secrets.organization_id
      LEFT JOIN workspaces ON workspaces.id = secrets.workspace_id
    WHERE secrets.rotate_days IS NOT NULL AND secrets.disabled_at IS NULL
      AND ${inOrganizations(scoped, 'secrets.organization_id')}
      AND (${isAmong(scoped, 'secrets.workspace_id', where.workspaceIds)} OR
        secrets.workspace_id IS NULL AND ${isAmong(scoped, 'secrets.organization_id', where.organizationIds)})
      AND present.created_at + make_interval(days => secrets.rotate_days) < ${before}::timestamptz
    ORDER BY expires_at LIMIT 50`;
}
