import { cancelRuns } from '../commands/cancel-runs.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { rerunRuns } from '../rerun/rerun-runs.ts';
import { route, type Route } from '../route.ts';
import { cancelledRunsSchema, cancelRunsSchema, rerunRunsAnswerSchema, rerunRunsSchema } from '../schemas/batch.ts';
import { refuseElsewhere } from './runs.ts';

const tag = 'runs';

/** What is asked of several runs of a workspace at once. Stands before the routes of `/runs/:run`. */
export function runBatchRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'post', path: '/runs/cancel', name: 'cancelRuns', tag },
      summary: 'Cancels runs of a workspace together, or none of them.',
      access: { kind: 'workspace', action: 'run:cancel' },
      body: cancelRunsSchema,
      answers: { 200: cancelledRunsSchema },
      handle(call) {
        const { request, body } = call;
        return once(context, request, body, async (_keep, id) =>
          answerJson(200, { items: await cancelRuns(context, body.runs, call, id) }),
        );
      },
    }),
    route({
      ...{ method: 'post', path: '/runs/rerun', name: 'rerunRuns', tag },
      summary: 'Runs several runs of a workspace again, or none of them.',
      access: { kind: 'workspace', action: 'run:trigger' },
      body: rerunRunsSchema,
      answers: { 201: rerunRunsAnswerSchema },
      handle(call) {
        const { request, body, principal } = call;
        return once(context, request, body, async (keep) => {
          const items = await rerunRuns(
            context,
            body,
            call,
            (run) => refuseElsewhere(run, { kind: body.kind }, principal),
            (scoped, created) => keep(scoped, answerJson(201, { items: created })),
          );
          return answerJson(201, { items });
        });
      },
    }),
  ];
}
