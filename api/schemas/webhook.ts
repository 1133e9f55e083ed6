import * as z from 'zod/mini';
import {
  WEBHOOK_EVENTS,
  type ChangeWebhookRequest,
  type CreatedWebhook,
  type CreateWebhookRequest,
  type DeliveryObject,
  type WebhookObject,
} from '#core/rest-webhooks.ts';
import { canSchema, moment } from './status.ts';

export const webhookSchema = z.strictObject({
  id: z.uuid(),
  seq: z.int(),
  createdAt: moment,
  createdBy: z.string(),
  workspace: z.string(),
  url: z.string(),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  enabled: z.boolean(),
  can: z.strictObject({ write: canSchema }),
}) satisfies z.ZodMiniType<WebhookObject>;

export const createdWebhookSchema = z.extend(webhookSchema, {
  signingKey: z.string(),
}) satisfies z.ZodMiniType<CreatedWebhook>;

export const deliverySchema = z.strictObject({
  id: z.uuid(),
  webhookId: z.uuid(),
  event: z.enum(WEBHOOK_EVENTS),
  state: z.enum(['pending', 'delivered', 'given-up']),
  tries: z.int(),
  lastTry: z.nullable(z.strictObject({ status: z.nullable(z.int()), ms: z.number(), error: z.nullable(z.string()) })),
  dueAt: z.nullable(moment),
  createdAt: moment,
  payload: z.record(z.string(), z.unknown()),
}) satisfies z.ZodMiniType<DeliveryObject>;

/** A name and password in it would lie in the open in lists. */
const url = z.string().check(
  z.maxLength(2_000),
  z.refine((text) => {
    const parsed = URL.parse(text);
    return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '';
  }, 'is an http or https address without a name and password'),
);
const events = z.array(z.enum(WEBHOOK_EVENTS)).check(z.minLength(1), z.maxLength(WEBHOOK_EVENTS.length));

export const createWebhookSchema = z.strictObject({ url, events }) satisfies z.ZodMiniType<CreateWebhookRequest>;

export const changeWebhookSchema = z.strictObject({
  url: z.exactOptional(url),
  events: z.exactOptional(events),
  enabled: z.exactOptional(z.boolean()),
}) satisfies z.ZodMiniType<ChangeWebhookRequest>;
