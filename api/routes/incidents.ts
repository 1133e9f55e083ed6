import * as z from 'zod/mini';
import type { IncidentObject, IncidentResult } from '#core/rest-workspaces.ts';
import { listHeld, listPausable } from '#db/queries/incident-pauses.ts';
import { explainAction } from '../access/authorize.ts';
import { requireWorkspace } from '../access/require-owner.ts';
import { pauseAll, resumeAll } from '../commands/incident.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { route, type Route } from '../route.ts';
import { canSchema, moment } from '../schemas/status.ts';

const tag = 'workspaces';
const ofWorkspace = { kind: 'object', object: 'workspace', param: 'workspace' } as const;

/** Held runs that an answer names. */
const SHOWN = 20;

const incidentSchema = z.strictObject({
  open: z.int(),
  held: z.int(),
  runs: z.array(z.strictObject({ id: z.uuid(), label: z.string() })),
  since: z.nullable(moment),
  by: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  can: z.strictObject({ switch: canSchema }),
}) satisfies z.ZodMiniType<IncidentObject>;

const resultSchema = z.strictObject({
  changed: z.int(),
  left: z.int(),
  refused: z.array(z.strictObject({ run: z.string(), code: z.string(), message: z.string() })),
}) satisfies z.ZodMiniType<IncidentResult>;

/** The incident switch of a workspace: all its open runs stand still, and those go on together later (UI §4.16). */
export function incidentRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/workspaces/:workspace/incident', name: 'readIncident', tag },
      summary: 'Says how many runs of a workspace are open, and which an incident holds.',
      access: { ...ofWorkspace, action: 'run:read' },
      answers: { 200: incidentSchema },
      async handle(call) {
        const owner = requireWorkspace(call);
        const [held, open] = await call.data((scoped) =>
          Promise.all([listHeld(scoped, owner.workspaceId, SHOWN), listPausable(scoped, owner.workspaceId, 0)]),
        );
        const [first] = held.runs;
        const object: IncidentObject = {
          ...{ open: open.total, held: held.total },
          runs: held.runs.map(({ id, label }) => ({ id, label })),
          ...{ since: first?.pausedAt ?? null, by: first?.pausedBy ?? null, reason: first?.reason ?? null },
          can: { switch: explainAction(call.principal, 'run:change', owner) },
        };
        return call.request.json(object);
      },
    }),
    route({
      ...{ method: 'post', path: '/workspaces/:workspace/pause-runs', name: 'pauseRuns', tag },
      summary: 'Pauses every open run of a workspace, at most 200 a request, and remembers which.',
      access: { ...ofWorkspace, action: 'run:change' },
      body: z.strictObject({ reason: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(1_000))) }),
      answers: { 200: resultSchema },
      handle(call) {
        const owner = requireWorkspace(call);
        return once(context, call.request, call.body, async (_keep, id) =>
          answerJson(200, await pauseAll(context, { ...call, owner }, call.body.reason ?? null, id)),
        );
      },
    }),
    route({
      ...{ method: 'post', path: '/workspaces/:workspace/resume-runs', name: 'resumeRuns', tag },
      summary: 'Lets the runs of a workspace go on that were paused together.',
      access: { ...ofWorkspace, action: 'run:change' },
      body: z.strictObject({}),
      answers: { 200: resultSchema },
      handle(call) {
        const owner = requireWorkspace(call);
        return once(context, call.request, call.body, async (_keep, id) =>
          answerJson(200, await resumeAll(context, { ...call, owner }, id)),
        );
      },
    }),
  ];
}
