/** What a person asked to look into while a run goes on; kept with the run. */
export interface DebugOptions {
  /** A stage that failed is held, as it was left, until somebody has looked into it. */
  shellOnFailure: boolean;
  /** Stages (base names or legs) that are held before they begin. */
  breakAt: string[];
}

/** Codes of the reason for which a stage stands `paused`. */
export const HELD_CODES = { failure: 'held-after-failure', begin: 'held-before-begin' } as const;

/** Rows and columns of a terminal. */
export interface TerminalSize {
  rows: number;
  columns: number;
}

/** A terminal in a stage: asked for by a person, opened by the host of the stage. */
export interface ShellObject {
  id: string;
  runId: string;
  stage: string;
  attempt: number;
  state: 'asked' | 'open' | 'ended';
  /** Whether the stage's secrets are released into it. */
  secrets: boolean;
  createdAt: string;
}

/** `POST runs/:id/stages/:stage/shells` */
export interface OpenShellRequest extends TerminalSize {
  secrets: boolean;
}

/** From the person's terminal to the host. */
export type ShellInput =
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'size'; size: TerminalSize }
  /** Frames that the person's terminal has shown. */
  | { kind: 'taken'; count: number }
  | { kind: 'ping' }
  | { kind: 'close' };

/** From the host to the person's terminal. */
export type ShellOutput =
  | { kind: 'bytes'; bytes: Uint8Array }
  /** The terminal is there; `note` says what it shows. */
  | { kind: 'opened'; note: string }
  | { kind: 'pong' }
  | { kind: 'ended'; exitCode: number }
  | { kind: 'failed'; code: string; message: string };
