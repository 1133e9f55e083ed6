import { createHash } from 'node:crypto';

/**
 * A name of the user's (a stage, a leg, an artifact) as one readable, unique segment of an
 * object key: safe on file systems that fold case, and never too long.
 */
export function nameSegment(name: string): string {
  const readable = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-|-$/g, '');
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${readable || 'x'}-${hash}`;
}
