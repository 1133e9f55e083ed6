import { lazy, Suspense, type ReactNode } from 'react';
import type { Problem } from '#core/rest.ts';

const MissingRight = lazy(() => import('./missing-right.tsx'));

/** With a refusal for want of a right: who can give it, and the words to ask them (UI §3). */
export function helpWithProblem({ errors }: Problem): ReactNode {
  const right = errors.find(({ code }) => code === 'right-missing')?.message;
  if (right === undefined) return null;
  return (
    <Suspense fallback={null}>
      <MissingRight right={right} />
    </Suspense>
  );
}
