import { ArrowUp } from 'lucide-react';
import { Button } from './button.tsx';

/** How much is newer than what is shown, over the rows, which stay where they are; nothing where there is none. */
export function NewerPill({ count, onShow }: { count: number; onShow(): void }) {
  if (count === 0) return null;
  return (
    <div className="sticky top-2 z-20 flex h-0 justify-center">
      <Button size="dense" icon={ArrowUp} className="rounded-full shadow-overlay" onClick={onShow}>
        {count} newer
      </Button>
    </div>
  );
}
