import type { ShellInput, ShellOutput } from '#core/shell.ts';

/** A frame on its way through the database: one word and its text. */
export interface Frame {
  word: string;
  text: string;
}

const MAX_MESSAGE = 1_000;

export function encodeInput(input: ShellInput): Frame {
  switch (input.kind) {
    case 'bytes':
      return { word: input.kind, text: encodeBytes(input.bytes) };
    case 'size':
      return { word: input.kind, text: `${input.size.rows}x${input.size.columns}` };
    case 'taken':
      return { word: input.kind, text: String(input.count) };
    case 'ping':
    case 'close':
      return { word: input.kind, text: '' };
    default:
      return input satisfies never;
  }
}

/** Null for a frame of another version. */
export function decodeInput({ word, text }: Frame): ShellInput | null {
  switch (word) {
    case 'bytes':
      return { kind: word, bytes: decodeBytes(text) };
    case 'size': {
      const [rows, columns] = text.split('x').map(Number);
      return rows && columns ? { kind: word, size: { rows, columns } } : null;
    }
    case 'taken':
      return { kind: word, count: Number(text) };
    case 'ping':
    case 'close':
      return { kind: word };
    default:
      return null;
  }
}

export function encodeOutput(output: ShellOutput): Frame {
  switch (output.kind) {
    case 'bytes':
      return { word: output.kind, text: encodeBytes(output.bytes) };
    case 'opened':
      return { word: output.kind, text: output.note };
    case 'pong':
      return { word: output.kind, text: '' };
    case 'ended':
      return { word: output.kind, text: String(output.exitCode) };
    case 'failed':
      return { word: output.kind, text: `${output.code} ${output.message.slice(0, MAX_MESSAGE)}` };
    default:
      return output satisfies never;
  }
}

/** Null for a frame of another version. */
export function decodeOutput({ word, text }: Frame): ShellOutput | null {
  switch (word) {
    case 'bytes':
      return { kind: word, bytes: decodeBytes(text) };
    case 'opened':
      return { kind: word, note: text };
    case 'pong':
      return { kind: word };
    case 'ended':
      return { kind: word, exitCode: Number(text) };
    case 'failed': {
      const blank = text.indexOf(' ');
      return { kind: word, code: text.slice(0, blank), message: text.slice(blank + 1) };
    }
    default:
      return null;
  }
}

function encodeBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function decodeBytes(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}
