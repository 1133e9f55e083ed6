/** `engine.json` in the data folder, 0600: how to reach the one engine (ENGINE 1, 4). */
export interface EngineFile {
  pid: number;
  startedAt: string;
  /** Unix socket of the API. */
  socket: string;
  /** Bearer token of every request on the socket. */
  token: string;
  contentVersion: string;
  version: string;
  /** Random id of this data folder: Docker label and Temporal namespace (ENGINE 17). */
  instanceId: string;
  temporal: { address: string; namespace: string; version: string; pid: number };
  postgres: { url: string; version: string; pid: number };
  /** How people reach the open port; null while none is open. */
  port: string | null;
  processes: EngineProcess[];
}

export const ENGINE_ROLES = ['supervisor', 'temporal', 'postgres', 'worker', 'api'] as const;
export type EngineRole = (typeof ENGINE_ROLES)[number];

export interface EngineProcess {
  role: EngineRole;
  pid: number;
  address: string;
  version: string;
}

/**
 * Environment of the worker and the API when the supervisor starts them, read by
 * `config/system/load.ts` alone. Separate processes in production have the same names but those of the socket.
 */
export interface EngineEnvironment {
  BUILDIT_DATA: string;
  BUILDIT_INSTANCE: string;
  BUILDIT_SOCKET: string;
  /** File that holds the token: never in an environment or argv. */
  BUILDIT_TOKEN_FILE: string;
  BUILDIT_CONTENT_VERSION: string;
  DATABASE_URL: string;
  TEMPORAL_ADDRESS: string;
  TEMPORAL_NAMESPACE: string;
}

/** Messages of worker and API to the supervisor over their channel. */
export type ChildMessage =
  | { kind: 'ready'; address: string }
  /** From the worker: stage activities in work. */
  | { kind: 'stages'; count: number }
  /**
   * From the API: open connections, how people reach the open port (null: none is), and when the next timer of an open
   * run falls due (ISO). `openRuns`, runs without an ending, lets another Temporal version take over at the next start
   * once it is 0 (ENGINE 10).
   */
  | { kind: 'clients'; count: number; port: string | null; nextTimerAt: string | null; openRuns?: number }
  | { kind: 'fatal'; code: string; message: string };
