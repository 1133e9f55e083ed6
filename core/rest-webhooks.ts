import type { Can } from './rest.ts';

/** What a webhook may be told of. */
export const WEBHOOK_EVENTS = ['run.ended', 'gate.opened'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** An address that is told of events of its workspace. */
export interface WebhookObject {
  id: string;
  /** Grows with each change; `ETag` is made of it. */
  seq: number;
  createdAt: string;
  createdBy: string;
  workspace: string;
  url: string;
  events: WebhookEvent[];
  enabled: boolean;
  can: { write: Can };
}

/** Answered once, when it is made: the key is not readable later. */
export interface CreatedWebhook extends WebhookObject {
  /** `whsec_…`, as Standard Webhooks has it. */
  signingKey: string;
}

export interface CreateWebhookRequest {
  url: string;
  events: WebhookEvent[];
}

export interface ChangeWebhookRequest {
  url?: string;
  events?: WebhookEvent[];
  enabled?: boolean;
}

export interface DeliveryObject {
  id: string;
  webhookId: string;
  event: WebhookEvent;
  state: 'pending' | 'delivered' | 'given-up';
  tries: number;
  /** Null before the first. `status` is null when nobody answered. */
  lastTry: { status: number | null; ms: number; error: string | null } | null;
  /** Of the next try, while it is pending. */
  dueAt: string | null;
  createdAt: string;
  /** As it is sent. */
  payload: Record<string, unknown>;
}
