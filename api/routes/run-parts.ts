import { Hono } from 'hono';
import * as z from 'zod/mini';
import type { ArtifactObject } from '#core/rest.ts';
import { listEvents } from '#db/queries/list-events.ts';
import { listArtifacts, listAttempts, listStages } from '#db/queries/read-run.ts';
import type { ArtifactRow } from '#db/rows.ts';
import { loadPlan } from '../accept/commit-run.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { loadGateObjects, loadStageObjects, requireRun } from '../objects/load.ts';
import { describePlan } from '../objects/plan-summary.ts';
import { explainStage } from '../objects/why.ts';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../page.ts';
import { ProblemError } from '../problem.ts';
import { readQuery } from '../request-body.ts';

const eventsSchema = z.strictObject({
  after: z.optional(z.coerce.number().check(z.int(), z.gte(0))),
  limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(MAX_LIMIT))),
});

/** A plan never changes; who has read it once needs no second time. */
const IMMUTABLE = { 'Cache-Control': 'private, max-age=31536000, immutable' };

/** What belongs to a run: at most 500 nodes, so these lists are whole. */
export function runPartRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  const { database } = context;
  const wholePage = <Item>(items: Item[]) => ({ items, next: null, prev: null, total: items.length });

  app.get('/runs/:run/stages', async (request) => {
    const run = await requireRun(database, request.req.param('run'));
    return request.json(wholePage(await loadStageObjects(database, run.id)));
  });

  app.get('/runs/:run/gates', async (request) => {
    const run = await requireRun(database, request.req.param('run'));
    return request.json(wholePage(await loadGateObjects(database, run)));
  });

  app.get('/runs/:run/artifacts', async (request) => {
    const run = await requireRun(database, request.req.param('run'));
    return request.json(wholePage((await listArtifacts(database, run.id)).map(toArtifactObject)));
  });

  app.get('/runs/:run/graph', async (request) => {
    const run = await requireRun(database, request.req.param('run'));
    const stages = await listStages(database, run.id);
    return request.json({
      nodes: stages.map(({ id, kind, name, stage, leg, runOn, status }) => ({
        id,
        kind,
        name,
        stage,
        leg,
        runOn,
        status,
      })),
      edges: stages.flatMap((stage) => stage.needs.map((edge) => ({ from: edge.to, to: stage.name, on: edge.on }))),
    });
  });

  app.get('/runs/:run/plan', async (request) => {
    const { summary } = readQuery(request, z.strictObject({ summary: z.optional(z.enum(['true', 'false'])) }));
    const run = await requireRun(database, request.req.param('run'));
    const plan = await loadPlan(context, run.plan);
    return request.json(summary === 'true' ? describePlan(plan) : plan, 200, IMMUTABLE);
  });

  app.get('/runs/:run/events', async (request) => {
    const { after = 0, limit = DEFAULT_LIMIT } = readQuery(request, eventsSchema);
    const run = await requireRun(database, request.req.param('run'));
    const rows = await listEvents(database, run.id, after, limit);
    const items = rows.map(({ seq, kind, name, status, at }) => ({ seq, kind, name, status, at }));
    // One change may touch several objects under one seq: the last, perhaps incomplete one begins the next page.
    const last = items.at(-1)?.seq ?? after;
    return request.json({ items, next: items.length === limit ? String(Math.max(after, last - 1)) : null, prev: null });
  });

  app.get('/runs/:run/why', async (request) => {
    const { stage: name } = readQuery(request, z.strictObject({ stage: z.string() }));
    const run = await requireRun(database, request.req.param('run'));
    const stages = await listStages(database, run.id);
    const stage = stages.find((other) => other.name === name);
    if (!stage) throw refuseUnknown(run.label, name, stages);
    const [plan, attempts] = await Promise.all([
      loadPlan(context, run.plan),
      listAttempts(database, run.id, [stage.name]),
    ]);
    return request.json(explainStage(plan, stage, stages, attempts));
  });

  return app;
}

export function toArtifactObject(row: ArtifactRow): ArtifactObject {
  return {
    id: row.id,
    runId: row.runId,
    stage: row.stage,
    attempt: row.attempt,
    name: row.name,
    files: row.files,
    bytes: row.bytes,
    digest: row.reference.manifest.digest,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  };
}

/** A stage with a matrix is asked for by leg. */
function refuseUnknown(label: string, name: string, stages: readonly { name: string; stage: string }[]): ProblemError {
  const legs = stages.filter((stage) => stage.stage === name).map((stage) => stage.name);
  const known = legs.length > 0 ? legs : stages.map((stage) => stage.name);
  return new ProblemError(404, 'stage-unknown', `${label} has no stage ${name}`, {
    hint: `${legs.length > 0 ? 'its legs are' : 'it has'} ${known.slice(0, 20).join(', ')}`,
  });
}
