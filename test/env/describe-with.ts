import { describe, inject, test } from 'vitest';
import type { Part, Readiness } from './readiness.ts';

/**
 * A `describe` for tests that need parts a machine may lack. Where one is missing the block is skipped with the reason
 * in its name; with `CI=true` it fails instead, because there a skipped test would pass for a proof.
 */
export function describeWith(parts: readonly Part[], name: string, body: () => void): void {
  const missing = findMissing(parts);
  if (missing === undefined) {
    describe(name, body);
  } else if (process.env['CI'] === 'true') {
    test(`${name} has what it needs`, () => {
      throw new Error(missing);
    });
  } else {
    describe.skipIf(true)(`${name} (skipped: ${missing})`, body);
  }
}

function findMissing(parts: readonly Part[]): string | undefined {
  const environment: Record<Part, Readiness> = inject('environment');
  const reasons = parts.map((part) => environment[part]).flatMap((found) => (found.ready ? [] : [found.reason]));
  return reasons.length === 0 ? undefined : reasons.join('; ');
}
