import { once } from 'node:events';
import { keepColors } from '../terminal/sanitize.ts';
import type { Screen } from '../terminal/screen.ts';

/** A line longer than this is passed on in pieces, so that memory stays bounded whatever a stage prints. */
const LONGEST = 64 * 1024;

/** Writes to stdout and waits while its reader is behind: a log of 1 GB never gathers in memory. */
export async function writeSlowly(chunk: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
}

/** Stored bytes to stdout, unchanged. */
export async function printRaw(bytes: NodeJS.ReadableStream): Promise<void> {
  for await (const chunk of bytes) await writeSlowly(chunk);
}

/**
 * Stored bytes to stdout line by line, with the escape sequences removed that are not
 * colours, and the name of the stage before each line when there are several.
 */
export async function printClean(bytes: NodeJS.ReadableStream, prefix: string): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (
      rest + decoder.decode(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, { stream: true })
    ).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST) {
      lines.push(rest);
      rest = '';
    }
    if (lines.length > 0) await writeSlowly(lines.map((line) => `${prefix}${keepColors(line)}\n`).join(''));
  }
  rest += decoder.decode();
  if (rest !== '') await writeSlowly(`${prefix}${keepColors(rest)}\n`);
}

/** `test | `, or nothing when one stage is shown. */
export function prefixOf(name: string, isAlone: boolean, screen: Pick<Screen, 'paintOut'>): string {
  return isAlone ? '' : `${screen.paintOut('cyan', name)} ${screen.paintOut('dim', '|')} `;
}
