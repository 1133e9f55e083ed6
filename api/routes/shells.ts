import type { ShellObject } from '#core/shell.ts';
import { isId } from '#db/id.ts';
import { findStage } from '#db/queries/read-run.ts';
import { findShell, findShellPlace, insertShell } from '#db/queries/shells.ts';
import type { ShellRow } from '#db/rows.ts';
import { requireAction } from '../access/authorize.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { requireRun } from '../objects/load.ts';
import { isKept } from '../objects/run-object.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { openShellSchema, shellSchema } from '../schemas/shell.ts';

const access = { kind: 'object', object: 'run', param: 'run', action: 'run:shell' } as const;
const tag = 'runs';

/** Terminals in stages. Their bytes travel over a WebSocket at the address of the shell (shells/accept.ts). */
export function shellRoutes({ database }: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'post', path: '/runs/:run/stages/:stage/shells', name: 'openShell', tag, access },
      summary: 'Asks for a terminal in a stage, beside its newest attempt; a WebSocket at its address opens it.',
      body: openShellSchema,
      answers: { 201: shellSchema },
      async handle(call) {
        const { request, params, body, data, principal, owner } = call;
        // Who sees a secret's value could as well set it.
        if (body.secrets && owner) requireAction(principal, 'secret:write', owner);
        const row = await data(async (scoped) => {
          const run = await requireRun(scoped, params.run);
          const kept = isKept(run);
          if (kept !== true) throw new ProblemError(409, kept.code, kept.no);
          const stage = await findStage(scoped, run.id, params.stage);
          if (!stage || stage.kind === 'gate') throw notFound(`stage ${params.stage}`);
          const place = await findShellPlace(database, run.id, stage.name);
          if (!place) throw refuseUnstarted(stage.name);
          const shell = await insertShell(scoped, {
            ...{ runId: run.id, stage: stage.name, ...place, openedBy: principal.actor },
            ...{ secrets: body.secrets, terminalRows: body.rows, terminalColumns: body.columns },
          });
          await recordAudit(scoped, call, {
            action: 'run.shell',
            owner: { organizationId: owner?.organizationId ?? '', workspaceId: run.workspaceId },
            object: { kind: 'run', id: run.id, name: run.label },
            detail: { stage: stage.name, attempt: place.attempt, secrets: body.secrets },
          });
          return shell;
        });
        return request.json(toShellObject(row), 201);
      },
    }),
    route({
      ...{ method: 'get', path: '/runs/:run/shells/:shell', name: 'getShell', tag, access },
      summary: 'Answers a terminal that the caller asked for.',
      answers: { 200: shellSchema },
      async handle({ request, params, data, principal }) {
        const row = isId(params.shell) ? await data((scoped) => findShell(scoped, params.run, params.shell)) : null;
        // A terminal is its opener's own, whoever else may open one.
        if (row?.openedBy !== principal.actor) throw notFound(`shell ${params.shell}`);
        return request.json(toShellObject(row));
      },
    }),
  ];
}

function refuseUnstarted(stage: string): ProblemError {
  return new ProblemError(409, 'stage-unstarted', `${stage} has not begun anywhere, so there is nothing to look into`, {
    hint: 'hold it before it begins: buildit run --break STAGE',
  });
}

function toShellObject({ id, runId, stage, attempt, state, secrets, createdAt }: ShellRow): ShellObject {
  return { id, runId, stage, attempt, state, secrets, createdAt };
}
