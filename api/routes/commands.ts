import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod/mini';
import { findCommand } from '#db/queries/commands.ts';
import { decide } from '../commands/decide.ts';
import { refuseEnded } from '../commands/refusal.ts';
import { sendUpdate, type Sent } from '../commands/send.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { answerJson, once, type Answer } from '../idempotency.ts';
import { loadRunObject, requireRun } from '../objects/load.ts';
import { notFound } from '../problem.ts';
import { readBody } from '../request-body.ts';
import { waitFor } from '../stream/wait-for.ts';

const decisionSchema = z.strictObject({
  verdict: z.enum(['approve', 'reject']),
  comment: z.exactOptional(z.string().check(z.maxLength(4_000))),
  fields: z.exactOptional(z.record(z.string(), z.string())),
  as: z.exactOptional(z.string()),
  expectedSeq: z.exactOptional(z.int()),
});

const cancelSchema = z.strictObject({ force: z.exactOptional(z.boolean()) });

/** How long the answer to a cancel waits for the row to show it. */
const SHOWN_MS = 2_000;

/** What is asked of a run's workflow: decisions and cancels, and what became of those that took long. */
export function commandRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  const { database } = context;

  app.post('/gates/:gate/decisions', async (request) => {
    const body = await readBody(request, decisionSchema);
    return once(context, request, body, async (_keep, key) => {
      const decider = { caller: request.get('caller'), isLocal: request.get('isLocal'), key };
      const decided = await decide(context, request.req.param('gate'), body, decider);
      return decided.kind === 'pending' ? answerPending(decided) : answerJson(200, decided.gate);
    });
  });

  app.post('/runs/:run/cancel', async (request) => {
    const body = await readBody(request, cancelSchema);
    return once(context, request, body, async (_keep, key) => {
      const run = await requireRun(database, request.req.param('run'));
      if (run.statusKind === 'ended') throw refuseEnded(run.label);
      const id = key ?? randomUUID();
      const cancel = { id, by: request.get('caller'), force: body.force ?? false };
      const sent = await sendUpdate(context, run, { id, name: 'cancelRun', args: [cancel] });
      if (sent.kind === 'pending') return answerPending(sent);
      const shown = await waitFor(context.hub, `run:${run.id}`, SHOWN_MS, async () => {
        const row = await requireRun(database, run.id);
        return row.statusKind === 'cancelling' || row.statusKind === 'ended' ? row : null;
      });
      return answerJson(200, await loadRunObject(database, shown ?? (await requireRun(database, run.id))));
    });
  });

  app.get('/commands/:command', async (request) => {
    const row = await findCommand(database, request.req.param('command'));
    if (!row) throw notFound('such command');
    return request.json({ id: row.id, state: row.state, ...(row.problem ? { problem: row.problem } : {}) });
  });

  return app;
}

function answerPending(sent: Extract<Sent, { kind: 'pending' }>): Answer {
  return answerJson(202, sent.command, { Location: `/api/v1/commands/${sent.command.id}` });
}
