import { useEffect, useState } from 'react';
import type { LogHit } from '#core/rest-logs.ts';
import { type LogKey, type LogQuery, searchLog } from './log-source.ts';

/** What a search has found so far. */
export interface FoundHits {
  /** As far as they are listed, in order. */
  hits: readonly LogHit[];
  /** All that were counted; null while it looks. */
  total: number | null;
  /** It was given up before all lines were looked at. */
  isCapped: boolean;
  problem: unknown;
}

const NOTHING: FoundHits = { hits: [], total: null, isCapped: false, problem: null };
/** A key pressed within it belongs to the same wish, ms. */
const SETTLE_MS = 150;

/** Searches whenever the wish changes; the search before it is given up. Null looks for nothing. */
export function useLogSearch(key: LogKey, query: LogQuery | null): FoundHits | null {
  const [found, setFound] = useState<FoundHits | null>(null);
  const written = query === null || query.text === '' ? null : JSON.stringify([key, query]);
  useEffect(() => {
    if (written === null) {
      setFound(null);
      return undefined;
    }
    const control = new AbortController();
    const [wantedKey, wanted]: [LogKey, LogQuery] = JSON.parse(written);
    const look = async () => {
      let hits: LogHit[] = [];
      setFound(NOTHING);
      try {
        const onHits = (more: LogHit[]) => {
          hits = [...hits, ...more];
          setFound({ ...NOTHING, hits });
        };
        const { total, capped } = await searchLog(wantedKey, wanted, onHits, control.signal);
        setFound({ hits, total, isCapped: capped, problem: null });
      } catch (problem) {
        if (!control.signal.aborted) setFound({ hits, total: null, isCapped: false, problem });
      }
    };
    const timer = setTimeout(() => void look(), SETTLE_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [written]);
  return found;
}
