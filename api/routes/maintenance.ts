import * as z from 'zod/mini';
import type { MaintenanceObject } from '#core/rest-health.ts';
import { beginMaintenance, endMaintenance, findMaintenance, listOrganizationIds } from '#db/queries/switches.ts';
import type { SwitchRow } from '#db/rows.ts';
import { requireFresh } from '../access/fresh.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { route, type Route } from '../route.ts';
import { moment } from '../schemas/status.ts';

const tag = 'system';
const access = { kind: 'operator' } as const;

const maintenanceSchema = z.strictObject({
  on: z.boolean(),
  since: z.nullable(moment),
  by: z.nullable(z.string()),
  reason: z.nullable(z.string()),
}) satisfies z.ZodMiniType<MaintenanceObject>;

/** The maintenance switch: no new runs, running ones go on (UI §4.16). */
export function maintenanceRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/system/maintenance', name: 'readMaintenance', tag, access },
      summary: 'Says whether the installation starts no new runs, since when and why.',
      answers: { 200: maintenanceSchema },
      async handle({ request }) {
        return request.json(toObject(await findMaintenance(context.database)));
      },
    }),
    route({
      ...{ method: 'put', path: '/system/maintenance', name: 'setMaintenance', tag, access },
      summary: 'Begins or ends maintenance: no run starts then, and those that are open go on.',
      body: z.strictObject({
        on: z.boolean(),
        reason: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(1_000))),
      }),
      answers: { 200: maintenanceSchema },
      async handle(call) {
        const { body, principal, request } = call;
        requireFresh(principal);
        const row = await context.database.begin(async (transaction) => {
          const before = await findMaintenance(transaction);
          if (!body.on) await endMaintenance(transaction);
          const after = body.on ? await beginMaintenance(transaction, principal.actor, body.reason ?? null) : null;
          const detail = { before: describe(before), after: describe(after) };
          // It concerns everybody: the audit of each organization says who did it.
          for (const organizationId of await listOrganizationIds(transaction)) {
            await recordAudit(transaction, call, {
              ...{ action: `maintenance.${body.on ? 'begin' : 'end'}`, owner: { organizationId, workspaceId: null } },
              ...{ object: { kind: 'installation', id: 'maintenance', name: 'maintenance' }, detail },
            });
          }
          return { after };
        });
        return request.json(toObject(row.after));
      },
    }),
  ];
}

function describe(row: SwitchRow | null) {
  return { on: row !== null, reason: row?.reason ?? null };
}

function toObject(row: SwitchRow | null): MaintenanceObject {
  return { on: row !== null, since: row?.since ?? null, by: row?.switchedBy ?? null, reason: row?.reason ?? null };
}
