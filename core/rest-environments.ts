import type { Can } from './rest.ts';

/** Who keeps an environment as it is, and why. */
export interface EnvironmentLock {
  /** Actor id: `user:ann`. */
  by: string;
  reason: string;
  at: string;
}

/** What is delivered to: `production`, `staging`. */
export interface EnvironmentObject {
  id: string;
  topic: string;
  /** Grows with each change; `ETag` is made of it. */
  seq: number;
  createdAt: string;
  workspace: string;
  name: string;
  description: string;
  /** Order in which people look at them. */
  position: number;
  lock: EnvironmentLock | null;
  can: { write: Can; lock: Can };
}

export interface CreateEnvironmentRequest {
  name: string;
  description?: string;
  position?: number;
}

export interface ChangeEnvironmentRequest {
  description?: string;
  position?: number;
}
