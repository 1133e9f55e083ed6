import type { Readable } from 'node:stream';
import type { TerminalSize } from '#core/shell.ts';
import type { Handle } from './port.ts';

/**
 * Terminals beside attempts: a shell in an attempt's workspace, with its image, mounts and network, while its program
 * runs or after it has ended. What is done there is done to the workspace itself.
 */
export interface AttemptTerminals {
  /** The attempt was started and is not removed yet. Each call opens another one. */
  open(attempt: Pick<Handle, 'name' | 'runId'>, options: TerminalOptions): Promise<Terminal>;
}

export interface TerminalOptions {
  /** Unique: part of the name of what is made. */
  id: string;
  /** Without what the executor alone knows. */
  env: Readonly<Record<string, string>>;
  /**
   * Whether what the stage hands over is the terminal's too: among it are secret outputs, and what it writes there
   * counts as the stage's.
   */
  exchange: boolean;
  workdir: string | null;
  user: string | null;
  size: TerminalSize;
}

export interface Terminal {
  /** Ends when the shell does. */
  output: Readable;
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): Promise<void>;
  /** Exit code of the shell. Never rejects. */
  ended: Promise<number>;
  /** Ends the shell and removes what was made for it. Twice is fine. */
  close(): Promise<void>;
}
