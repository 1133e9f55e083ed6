import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import type { DeliveryObject, WebhookObject } from '#core/rest-webhooks.ts';
import { isId } from '#db/id.ts';
import { listDeliveries, redeliver } from '#db/queries/webhook-deliveries.ts';
import {
  changeWebhook,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  lockWebhook,
  type WebhookWithNames,
} from '#db/queries/webhooks.ts';
import type { DeliveryRow } from '#db/rows.ts';
import type { Scoped } from '#db/scope.ts';
import { explainAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { DEFAULT_LIMIT, readCursor, toPage } from '../page.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound } from '../problem.ts';
import { route, type Call, type Route } from '../route.ts';
import { pageOf, pageQuery, wholePage } from '../schemas/page.ts';
import {
  changeWebhookSchema,
  createdWebhookSchema,
  createWebhookSchema,
  deliverySchema,
  webhookSchema,
} from '../schemas/webhook.ts';
import { purposeOf } from '../webhooks/courier.ts';
import { createSigningKey } from '../webhooks/sign.ts';

const tag = 'webhooks';
const action = 'webhook:write' as const;
const ofWorkspace = { kind: 'workspace', action } as const;
const ofWebhook = { kind: 'object', object: 'webhook', param: 'webhook', action } as const;

/** Addresses that are told what happens in a workspace. */
export function webhookRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/webhooks', name: 'listWebhooks', tag, access: ofWorkspace },
      summary: 'Lists the webhooks of a workspace, without their keys.',
      answers: { 200: pageOf(webhookSchema) },
      async handle({ request, data, principal, owner }) {
        const rows = await data((scoped) => listWebhooks(scoped, owner?.workspaceId ?? ''));
        return request.json(wholePage(rows.map((row) => toWebhookObject(row, principal))));
      },
    }),
    route({
      ...{ method: 'post', path: '/webhooks', name: 'createWebhook', tag, access: ofWorkspace },
      summary: 'Adds a webhook; the answer alone has the key that its deliveries are signed with.',
      body: createWebhookSchema,
      answers: { 201: createdWebhookSchema },
      // Not kept for a repetition: the key would lie there.
      async handle(call) {
        const { request, body, data, principal, owner } = call;
        const workspaceId = owner?.workspaceId;
        if (!workspaceId) throw new Error('a route over a workspace has its owner');
        const id = createId();
        const key = createSigningKey();
        const signingKey = await context.sealer.seal(owner.organizationId, purposeOf(id), key);
        const object = await data(async (scoped) => {
          await insertWebhook(scoped, { ...body, id, workspaceId, signingKey, createdBy: principal.actor });
          const row = await take(scoped, id);
          await audit(scoped, call, row, 'webhook.create', { url: body.url, events: body.events });
          return toWebhookObject(row, principal);
        });
        const headers = { Location: `/api/v1/webhooks/${id}`, ETag: etagOf(object.seq) };
        return request.json({ ...object, signingKey: key }, 201, headers);
      },
    }),
    route({
      ...{ method: 'get', path: '/webhooks/:webhook', name: 'getWebhook', tag, access: ofWebhook },
      summary: 'Answers a webhook without its key.',
      answers: { 200: webhookSchema },
      async handle({ request, params, data, principal }) {
        const row = await data((scoped) => findWebhook(scoped, params.webhook));
        if (!row) throw notFound(`webhook ${params.webhook}`);
        return request.json(toWebhookObject(row, principal), 200, { ETag: etagOf(row.version) });
      },
    }),
    route({
      ...{ method: 'patch', path: '/webhooks/:webhook', name: 'changeWebhook', tag, access: ofWebhook },
      summary: 'Changes where a webhook goes, what it is told of, and whether it is.',
      body: changeWebhookSchema,
      answers: { 200: webhookSchema },
      async handle(call) {
        const { request, params, body, data, principal } = call;
        const object = await data(async (scoped) => {
          const row = await take(scoped, params.webhook);
          requireMatch(request, row.version, toWebhookObject(row, principal));
          const { url, events, enabled } = { ...row, ...body };
          await changeWebhook(scoped, row.id, { url, events, enabled });
          const before = { url: row.url, events: row.events, enabled: row.enabled };
          await audit(scoped, call, row, 'webhook.change', { before, after: { url, events, enabled } });
          return toWebhookObject({ ...row, ...{ url, events, enabled }, version: row.version + 1 }, principal);
        });
        return request.json(object, 200, { ETag: etagOf(object.seq) });
      },
    }),
    route({
      ...{ method: 'delete', path: '/webhooks/:webhook', name: 'deleteWebhook', tag, access: ofWebhook },
      summary: 'Removes a webhook with what was still to be delivered to it.',
      answers: { 204: 'none' },
      async handle(call) {
        const { request, params, data, principal } = call;
        await data(async (scoped) => {
          const row = await take(scoped, params.webhook);
          requireMatch(request, row.version, toWebhookObject(row, principal));
          await deleteWebhook(scoped, row.id);
          await audit(scoped, call, row, 'webhook.delete', { url: row.url });
        });
        return new Response(null, { status: 204 });
      },
    }),
    route({
      ...{ method: 'get', path: '/webhooks/:webhook/deliveries', name: 'listDeliveries', tag, access: ofWebhook },
      summary: 'Lists what a webhook was told or is to be told, newest first.',
      query: z.strictObject(pageQuery),
      answers: { 200: pageOf(deliverySchema) },
      async handle({ request, params, query, data }) {
        const { limit = DEFAULT_LIMIT, cursor: text } = query;
        const filter = { webhook: params.webhook };
        const cursor = readCursor(text, filter);
        const rows = await data((scoped) => listDeliveries(scoped, params.webhook, cursor, limit));
        return request.json(toPage(rows, limit, cursor, filter, toDeliveryObject));
      },
    }),
    route({
      ...{ method: 'post', path: '/webhooks/:webhook/deliveries/:delivery/redeliver', name: 'redeliver', tag },
      summary: 'Sends a delivery again, under its id.',
      access: ofWebhook,
      answers: { 200: deliverySchema },
      async handle(call) {
        const { request, params, data } = call;
        const object = await data(async (scoped) => {
          const row = isId(params.delivery) ? await redeliver(scoped, params.webhook, params.delivery) : null;
          if (!row) throw notFound(`delivery ${params.delivery}`);
          await audit(scoped, call, await take(scoped, params.webhook), 'webhook.redeliver', { delivery: row.id });
          return toDeliveryObject(row);
        });
        return request.json(object);
      },
    }),
  ];
}

async function take(scoped: Scoped, id: string): Promise<WebhookWithNames> {
  const row = await lockWebhook(scoped, id);
  if (!row) throw notFound(`webhook ${id}`);
  return row;
}

async function audit(
  scoped: Scoped,
  call: Pick<Call, 'request' | 'principal'>,
  row: WebhookWithNames,
  done: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await recordAudit(scoped, call, {
    ...{ action: done, owner: row, detail },
    object: { kind: 'webhook', id: row.id, name: new URL(row.url).host },
  });
}

function toWebhookObject(row: WebhookWithNames, principal: Principal): WebhookObject {
  const { id, createdAt, createdBy, workspace, url, events, enabled } = row;
  return {
    ...{ id, seq: row.version, createdAt, createdBy, workspace, url, events, enabled },
    can: { write: explainAction(principal, action, row) },
  };
}

function toDeliveryObject(row: DeliveryRow): DeliveryObject {
  const { id, webhookId, event, state, tries, lastTry, createdAt, payload } = row;
  const dueAt = state === 'pending' ? row.dueAt : null;
  return { id, webhookId, event, state, tries, lastTry, dueAt, createdAt, payload };
}
