import { useSearchParams } from 'wouter';
import { Button } from '../../ui/button.tsx';

/** `?name=`, as the palette leads here: that one alone, until all are wanted. */
export function useNamed(): { name: string | null; showAll(): void } {
  const [search, setSearch] = useSearchParams();
  return { name: search.get('name'), showAll: () => setSearch({}) };
}

/** What is left out, and the way to it. */
export function NamedNote({ named: { name, showAll } }: { named: ReturnType<typeof useNamed> }) {
  if (name === null) return null;
  return (
    <Button size="dense" variant="ghost" onClick={showAll}>
      Only {name}: show all
    </Button>
  );
}
