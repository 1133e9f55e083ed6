import { randomUUID } from 'node:crypto';

/**
 * `narrow-3f2a`: a name that no other try of the test has. A test that fails is tried once more in the same state of its
 * file, so what it makes by name and then counts, or waits for, has to be of this try alone.
 */
export function fresh(name: string): string {
  return `${name}-${randomUUID().slice(0, 4)}`;
}
