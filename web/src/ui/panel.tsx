import type { ReactNode } from 'react';
import { joinClasses } from './join-classes.ts';

const SHAPE = 'rounded-8 border border-subtle bg-raised';

/** A section of a page: heading, actions at its right, content without padding of its own (tables, lists). */
export function Panel(props: {
  title: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Of the heading; 2 by default. */
  level?: 2 | 3;
  className?: string;
  /** For links to it. */
  id?: string;
}) {
  const { title, actions, children, level = 2, className, id } = props;
  const Heading = `h${level}` as const;
  return (
    <section id={id} className={joinClasses(SHAPE, 'min-w-0', className)}>
      <header className="flex min-h-11 items-center justify-between gap-2 border-b border-subtle px-4 py-1.5">
        <Heading className="flex min-w-0 items-center gap-2 text-13 font-semibold">{title}</Heading>
        {actions ? <div className="flex items-center gap-2">{actions}</div> : null}
      </header>
      {children}
    </section>
  );
}
