import { Compass } from 'lucide-react';
import { useLocation } from 'wouter';
import { Button, ButtonLink } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { usePageHead } from './page.ts';
import { openPalette } from './palette-state.ts';

/** Nothing there, or nothing the caller may see: which of the two is not told. */
export function NotFound({ what }: { what?: string }) {
  const [path] = useLocation();
  usePageHead({ title: 'Not found' });
  const parent = path.replace(/\/[^/]*$/, '') || '/';
  return (
    <EmptyState
      icon={Compass}
      title={`There is no ${what ?? `page at ${path}`}`}
      action={
        <>
          <Button onClick={() => openPalette()}>Search</Button>
          <ButtonLink href={parent}>Go up</ButtonLink>
        </>
      }
    >
      It was removed or renamed, the address is mistyped, or you may not see it.
    </EmptyState>
  );
}
