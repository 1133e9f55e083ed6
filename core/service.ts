import type { SecretUse } from './plan.ts';
import type { Text } from './text.ts';

/** A container beside a stage, on its network under its name (LANGUAGE §4). */
export interface ServicePlan {
  name: string;
  image: { ref: Text; pull: 'missing' | 'always' | 'never' };
  env: Record<string, Text>;
  secrets: SecretUse[];
  /** Instead of the image's own; null keeps that. */
  command: string[] | null;
  /** Null: the image's health check, else its first exposed port, else it is running. */
  ready: ReadyCheck | null;
}

export type ReadyCheck = { timeoutMs: number } & (
  | { kind: 'tcp'; port: number }
  | { kind: 'http'; port: number; path: string }
  | { kind: 'exec'; command: string[] }
  /** RE2 pattern looked for in its output. */
  | { kind: 'log'; pattern: string }
);
