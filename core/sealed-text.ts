/**
 * How a value that only a stage may read is written where others are: outputs of a run travel through histories and
 * rows, and those that are secret do so sealed. Opened just before the stage that reads it begins.
 */
const PREFIX = 'buildit-sealed:';

export function markSealed(sealed: string): string {
  return PREFIX + sealed;
}

/** What was sealed, or null for a text that is as it stands. */
export function readSealed(text: string): string | null {
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : null;
}
