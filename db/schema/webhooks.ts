import { boolean, index, integer, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { WEBHOOK_EVENTS, type WebhookEvent } from '#core/rest-webhooks.ts';
import { createdAt } from './columns.ts';
import { workspaces } from './workspaces.ts';

/** An address that is told of events of its workspace. */
export const webhooks = pgTable(
  'webhooks',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    url: text().notNull(),
    events: json().$type<WebhookEvent[]>().notNull(),
    /** Sealed like a secret's value; never answered. */
    signingKey: json().$type<unknown>().notNull(),
    enabled: boolean().notNull().default(true),
    version: integer().notNull().default(1),
    createdBy: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.workspaceId)],
);

/** An event on its way to a webhook: written in the transaction of the event itself. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: uuid().primaryKey(),
    webhookId: uuid()
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    event: text({ enum: WEBHOOK_EVENTS }).notNull(),
    /** What the event is about: an event of it is delivered once. */
    subject: text().notNull(),
    payload: json().$type<Record<string, unknown>>().notNull(),
    state: text({ enum: ['pending', 'delivered', 'given-up'] }).notNull(),
    tries: integer().notNull().default(0),
    /** Of the last try. */
    lastTry: json().$type<{ status: number | null; ms: number; error: string | null }>(),
    dueAt: createdAt(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.webhookId, table.id), unique().on(table.webhookId, table.event, table.subject)],
);
