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

/** The id of the run whose {@link nameSegment} this is; null of anything else. */
export function runIdOf(segment: string): string | null {
  const id = segment.slice(0, 36);
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) && nameSegment(id) === segment ? id : null;
}
