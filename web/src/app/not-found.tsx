import { Compass } from 'lucide-react';
import { useLocation } from 'wouter';
import { Button, ButtonLink } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { usePageHead } from './page.ts';
import { openPalette } from './palette-state.ts';
import { findParent, soughtIn } from './parent.ts';

/** Nothing there, or nothing the caller may see: which of the two is not told. */
export function NotFound({ what }: { what?: string }) {
  const [path] = useLocation();
  usePageHead({ title: 'Not found' });
  const sought = soughtIn(path);
  return (
    <EmptyState
      icon={Compass}
      title={`There is no ${what ?? `page at ${path}`}`}
      action={
        <>
          <Button onClick={() => openPalette(sought)}>{sought === '' ? 'Search' : `Search for ${sought}`}</Button>
          <ButtonLink href={findParent(path)}>Go up</ButtonLink>
        </>
      }
    >
      It was removed or renamed, the address is mistyped, or you may not see it.
    </EmptyState>
  );
}
