import type { SecretUse } from './plan.ts';
import type { Text } from './text.ts';

/** A container beside a stage, on its network under its name (LANGUAGE §4). */
export interface ServicePlan {
  name: string;
  image: { ref: Text; pull: 'missing' | 'always' | 'never' };
  env: Record<string, Text>;
  secrets: SecretUse[];
  /** Instead of the image's own; null keeps that. */
  command: Text[] | null;
  ready: ReadyCheck;
}

export const READY_KINDS = ['tcp', 'http', 'exec', 'log'] as const;

/** What must be so before the stage starts, and how long it may take. */
export type ReadyCheck = { timeoutMs: number } & (
  | { kind: 'tcp'; port: number }
  | { kind: 'http'; port: number; path: string }
  | { kind: 'exec'; command: string[] }
  /** RE2 pattern looked for in its output. */
  | { kind: 'log'; pattern: string }
  /** What the image says: its health check, else its lowest exposed TCP port, else that it runs. */
  | { kind: 'image' }
);
