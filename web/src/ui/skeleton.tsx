import { useEffect, useState, type ReactNode } from 'react';

/** Geometry of what is coming, without shimmer; sized by its classes. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={`block rounded-4 bg-hover ${className}`} />;
}

/** Rows of a table or list that is coming. */
export function SkeletonRows({ rows = 8, isDense = false }: { rows?: number; isDense?: boolean }) {
  return (
    <div aria-hidden data-coming>
      {Array.from({ length: rows }, (_, index) => (
        <div
          key={index}
          className={`flex items-center gap-4 border-b border-subtle px-4 last:border-b-0 ${isDense ? 'h-7' : 'h-9'}`}
        >
          <Skeleton className="size-4 rounded-full" />
          <Skeleton className={index % 3 === 1 ? 'h-3 w-2/5' : 'h-3 w-1/3'} />
          <Skeleton className="ml-auto h-3 w-24" />
        </div>
      ))}
    </div>
  );
}

const SHOW_AFTER_MS = 100;

/** Nothing for 100 ms, then its content: an answer that is quick shows no skeleton at all. */
export function AfterAMoment({ children }: { children: ReactNode }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  // The place is taken at once, so that nothing moves.
  return <div className={isShown ? undefined : 'invisible'}>{children}</div>;
}
