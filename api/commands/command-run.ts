import type { RunObject } from '#core/rest.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import type { Scoped } from '#db/scope.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once, type Answer } from '../idempotency.ts';
import { loadRunObject, requireRun } from '../objects/load.ts';
import { notFound } from '../problem.ts';
import type { Call } from '../route.ts';
import type { RunUpdate } from '../workflows/gateway.ts';
import { refuseEnded } from './refusal.ts';
import { sendUpdate, type Sent } from './send.ts';

/** What is asked of a run, and what the audit says of it. */
export interface RunCommand {
  /** `id` is that of the write, so that a repeated one acts once. */
  createUpdate(id: string): RunUpdate;
  action: string;
  detail: Record<string, unknown>;
  /** Writes what else follows from it, with the audit. */
  follow?(scoped: Scoped, run: RunWithNames): Promise<void>;
  /** Waits until the row shows it, where the verdict comes before that. */
  awaitShown?(run: RunWithNames): Promise<void>;
}

/**
 * Asks a run's workflow and answers with the run as it is then, or with 202 when there is no verdict in time. The
 * audit is written when the workflow has not refused: a refusal changes nothing.
 */
export function commandRun(
  context: ApiContext,
  call: Call<'/runs/:run', unknown, unknown>,
  command: RunCommand,
): Promise<Response> {
  const { request, params, body, data, principal } = call;
  return once(context, request, body, async (_keep, id): Promise<Answer> => {
    const run = await data((scoped) => requireRun(scoped, params.run));
    if (run.statusKind === 'ended') throw refuseEnded(run.label);
    const sent = await sendUpdate(context, run, command.createUpdate(id));
    const { owner } = call;
    if (!owner) throw notFound(`run ${params.run}`);
    await data(async (scoped) => {
      await command.follow?.(scoped, run);
      await recordAudit(scoped, call, {
        ...{ action: command.action, owner, object: { kind: 'run', id: run.id, name: run.label } },
        detail: command.detail,
      });
    });
    if (sent.kind === 'pending') return answerPending(sent);
    await command.awaitShown?.(run);
    const object: RunObject = await data(async (scoped) =>
      loadRunObject(scoped, await requireRun(scoped, run.id), principal),
    );
    return answerJson(200, object);
  });
}

export function answerPending(sent: Extract<Sent, { kind: 'pending' }>): Answer {
  return answerJson(202, sent.command, { Location: `/api/v1/commands/${sent.command.id}` });
}
