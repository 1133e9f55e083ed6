import * as z from 'zod/mini';
import type { TerminalSize } from '#core/shell.ts';

const size = z.int().check(z.gte(1), z.lte(1_000));
const control = z.strictObject({ rows: size, columns: size });

/** The size in a text message of a person's terminal; null when it is none. */
export function readControl(text: string): TerminalSize | null {
  try {
    return control.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
