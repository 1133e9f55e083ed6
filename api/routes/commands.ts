import * as z from 'zod/mini';
import { findCommand } from '#db/queries/commands.ts';
import { requireAction } from '../access/authorize.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { approveGates } from '../commands/approve-gates.ts';
import { answerPending, commandRun } from '../commands/command-run.ts';
import { decide } from '../commands/decide.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { requireRun } from '../objects/load.ts';
import { notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { approvedGatesSchema, approveGatesSchema } from '../schemas/gates.ts';
import { commandSchema } from '../schemas/problem.ts';
import { gateSchema, runSchema } from '../schemas/run.ts';
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
export function commandRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'post', path: '/gates/:gate/decisions', name: 'decideGate', tag: 'gates' },
      summary: 'Approves or rejects a gate.',
      access: { kind: 'object', object: 'gate', param: 'gate', action: 'gate:decide' },
      body: decisionSchema,
      answers: { 200: gateSchema, 202: commandSchema },
      async handle(call) {
        const { request, params, body, data, principal, owner } = call;
        return once(context, request, body, async (_keep, id) => {
          const decided = await decide(context, params.gate, body, { data, principal, id });
          const { verdict, comment = null, as = null } = body;
          const object = { kind: 'gate', id: params.gate, name: decided.name };
          if (owner) {
            await data((scoped) =>
              recordAudit(scoped, call, { action: `gate.${verdict}`, owner, object, detail: { comment, as } }),
            );
          }
          return decided.kind === 'pending' ? answerPending(decided) : answerJson(200, decided.gate);
        });
      },
    }),
    route({
      ...{ method: 'post', path: '/gates/decisions', name: 'approveGates', tag: 'gates' },
      summary: 'Approves gates of one environment together, or none of them.',
      access: { kind: 'signed-in', action: 'run:read' },
      body: approveGatesSchema,
      answers: { 200: approvedGatesSchema },
      handle({ request, body, data, principal }) {
        return once(context, request, body, async (_keep, id) => {
          const items = await approveGates(context, body, { request, data, principal, id });
          return answerJson(200, { items });
        });
      },
    }),
    route({
      ...{ method: 'post', path: '/runs/:run/cancel', name: 'cancelRun', tag: 'runs' },
      summary: 'Cancels a run: its stages are stopped, those that always run still do.',
      access: { kind: 'object', object: 'run', param: 'run', action: 'run:cancel' },
      body: cancelSchema,
      answers: { 200: runSchema, 202: commandSchema },
      handle(call) {
        const { data, principal, owner } = call;
        const force = call.body.force ?? false;
        if (force && owner) requireAction(principal, 'run:force', owner);
        return commandRun(context, call, {
          action: 'run.cancel',
          detail: { force },
          createUpdate: (id) => ({ id, name: 'cancelRun', args: [{ id, by: principal.actor, force }] }),
          async awaitShown({ id }) {
            await waitFor(context.hub, `run:${id}`, SHOWN_MS, async () => {
              const row = await data((scoped) => requireRun(scoped, id));
              return row.statusKind === 'cancelling' || row.statusKind === 'ended' ? row : null;
            });
          },
        });
      },
    }),
    route({
      ...{ method: 'get', path: '/commands/:command', name: 'getCommand', tag: 'runs' },
      summary: 'Answers what became of a command that was not settled at once.',
      access: { kind: 'object', object: 'command', param: 'command', action: 'run:read' },
      answers: { 200: commandSchema },
      async handle({ request, params, data }) {
        const row = await data((scoped) => findCommand(scoped, params.command));
        if (!row) throw notFound('such command');
        return request.json({ id: row.id, state: row.state, ...(row.problem ? { problem: row.problem } : {}) });
      },
    }),
  ];
}
