import { Link } from 'wouter';
import { Count } from '../../ui/badge.tsx';

interface ViewLinksProps<Name extends string> {
  names: readonly Name[];
  labels: Readonly<Record<Name, string>>;
  current: Name | null;
  hrefOf(name: Name): string;
  counts?: Partial<Record<Name, number>>;
}

/** Ways to parts of a page, each with an address of its own. */
export function ViewLinks<Name extends string>({ names, labels, current, hrefOf, counts = {} }: ViewLinksProps<Name>) {
  return names.map((name) => {
    const count: number = (counts as Record<string, number>)[name] ?? 0;
    return (
      <Link
        key={name}
        href={hrefOf(name)}
        aria-current={name === current ? 'page' : undefined}
        className="flex h-9 items-center gap-1.5 border-b-2 border-transparent text-13 font-medium text-2 no-underline hover:text-1 aria-[current=page]:border-accent aria-[current=page]:text-1"
      >
        {labels[name]}
        <Count value={count} />
      </Link>
    );
  });
}
