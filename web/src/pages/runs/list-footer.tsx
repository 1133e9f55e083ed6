import type { ReactNode } from 'react';
import { writeTotal } from '#core/count.ts';
import type { Page } from '#core/rest.ts';
import { Button } from '../../ui/button.tsx';

/** Below a list: what can be done with the rows, how many of all are shown, and the ways to newer and older ones. */
export function ListFooter(props: {
  page: Page<unknown> | undefined;
  onPage(cursor: string | null): void;
  /** What the ways lead to, where it is not time that sorts. */
  words?: { prev: string; next: string };
  children?: ReactNode;
}) {
  const { page, onPage, children, words = { prev: 'Newer', next: 'Older' } } = props;
  const { items = [], total, prev = null, next = null } = page ?? {};
  return (
    <footer className="flex min-h-11 flex-wrap items-center gap-2 border-t border-subtle px-4 py-1.5">
      {children}
      <span className="flex-1" />
      {total === undefined ? null : (
        <p className="tabular text-12 text-2">
          {items.length} of {writeTotal(total)}
        </p>
      )}
      <Button size="dense" disabledReason={prev ? null : 'this is the first page'} onClick={() => onPage(prev)}>
        {words.prev}
      </Button>
      <Button size="dense" disabledReason={next ? null : 'this is the last page'} onClick={() => onPage(next)}>
        {words.next}
      </Button>
    </footer>
  );
}
