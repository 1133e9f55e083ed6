import * as z from 'zod/mini';
import { LEFTOVER_KINDS, type SweepReport } from '#core/leftovers.ts';
import type { LeftoversObject } from '#core/rest-health.ts';
import { listOrganizationIds } from '#db/queries/switches.ts';
import { requireFresh } from '../access/fresh.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { moment } from '../schemas/status.ts';

const tag = 'system';
const access = { kind: 'operator' } as const;

const leftoversSchema = z.strictObject({
  leftovers: z.array(
    z.strictObject({
      kind: z.enum(LEFTOVER_KINDS),
      count: z.int(),
      bytes: z.nullable(z.int()),
      oldestAt: z.nullable(moment),
    }),
  ),
  troubles: z.array(z.string()),
  retention: z.strictObject({ days: z.int(), bytes: z.nullable(z.int()) }),
}) satisfies z.ZodMiniType<LeftoversObject>;

/** What nobody needs any more: what would go, and a sweep at once of what else goes by the schedule. */
export function leftoverRoutes(context: ApiContext): Route[] {
  const { retention } = context.settings;
  const sweep = async (isDry: boolean): Promise<LeftoversObject> => {
    return { ...requireReport(await context.workflows.prune(isDry)), retention };
  };
  return [
    route({
      ...{ method: 'get', path: '/system/leftovers', name: 'findLeftovers', tag, access },
      summary: 'Counts what a sweep would remove, by kind.',
      answers: { 200: leftoversSchema },
      async handle({ request }) {
        return request.json(await sweep(true));
      },
    }),
    route({
      ...{ method: 'post', path: '/system/prune', name: 'prune', tag, access },
      summary: 'Removes what nobody needs any more and answers what that was.',
      answers: { 200: leftoversSchema },
      async handle(call) {
        requireFresh(call.principal);
        const report = await sweep(false);
        const detail = { leftovers: report.leftovers.filter(({ count }) => count > 0) };
        await context.database.begin(async (transaction) => {
          for (const organizationId of await listOrganizationIds(transaction)) {
            await recordAudit(transaction, call, {
              ...{ action: 'installation.prune', owner: { organizationId, workspaceId: null }, detail },
              object: { kind: 'installation', id: 'prune', name: 'prune' },
            });
          }
        });
        return call.request.json(report);
      },
    }),
  ];
}

function requireReport(report: SweepReport | null): SweepReport {
  if (report) return report;
  throw new ProblemError(409, 'sweep-busy', 'a sweep is at work already', {
    hint: 'wait a minute, then ask again: what it leaves is counted then',
    retry: { afterMs: 10_000 },
  });
}
