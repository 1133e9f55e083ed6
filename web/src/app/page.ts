import { useLayoutEffect, useSyncExternalStore } from 'react';
import type { State } from '../ui/state.ts';
import { STATUS_LOOKS } from '../ui/status-look.ts';
import { showFavicon } from './favicon.ts';
import { noteVisit } from './palette/recent.ts';

/** What the header, the title and the tab's icon say of a page. */
export interface PageHead {
  /** The object, or the area when there is none; the `h1`. */
  title: string;
  /** What the object belongs to, for the title: `Runs`. */
  area?: string;
  /** Ways up, outermost first. */
  crumbs?: readonly { label: string; href: string }[];
  /** Of the object: in the title by its glyph, in the tab by its icon. */
  state?: State | null;
  /** What a link to it says, where its own address may come to mean something else. */
  link?: string;
}

const EMPTY: PageHead = { title: '' };
let head: PageHead = EMPTY;
const listeners = new Set<() => void>();

/** Says what the page is about. */
export function usePageHead(next: PageHead): void {
  const written = JSON.stringify(next);
  useLayoutEffect(() => {
    const parsed: PageHead = JSON.parse(written);
    head = parsed;
    const glyph = parsed.state ? `${STATUS_LOOKS[parsed.state].glyph} ` : '';
    document.title = [`${glyph}${parsed.title}`, parsed.area, 'BuildIt'].filter(Boolean).join(' · ');
    showFavicon(parsed.state ?? null);
    // An object's page is one that people come back to.
    if (parsed.crumbs?.length) noteVisit({ href: location.pathname, label: parsed.title, detail: parsed.area ?? '' });
    for (const listener of listeners) listener();
  }, [written]);
}

export function linkToShown(): string {
  return head.link === undefined ? location.href : new URL(`${head.link}${location.hash}`, location.href).href;
}

export function useShownHead(): PageHead {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => head,
  );
}
