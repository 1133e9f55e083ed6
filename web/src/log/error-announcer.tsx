import { useEffect, useRef, useState } from 'react';

/** At most one announcement in so long, ms. */
const APART_MS = 5_000;

/** Says politely that new lines are errors, to who asked for it. */
export function ErrorAnnouncer({ errors }: { errors: readonly number[] }) {
  const said = useRef({ count: errors.length, at: 0 });
  const [words, setWords] = useState('');
  useEffect(() => {
    const fresh = errors.length - said.current.count;
    if (fresh <= 0) return undefined;
    const wait = Math.max(said.current.at + APART_MS - performance.now(), 0);
    const timer = setTimeout(() => {
      said.current = { count: errors.length, at: performance.now() };
      setWords(
        fresh === 1 ? `Error in line ${errors.at(-1)}` : `${fresh} new errors, the last in line ${errors.at(-1)}`,
      );
    }, wait);
    return () => clearTimeout(timer);
  }, [errors]);
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
