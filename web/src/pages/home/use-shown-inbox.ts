import { useEffect, useReducer, useRef } from 'react';
import type { InboxObject } from '#core/rest-inbox.ts';
import { goToTop, hasFocus, mayJoin, useGeneration, type Box } from '../runs/use-joining.ts';
import { holdBack, listRows } from './hold-back.ts';

/** What tells that the person has gone elsewhere. */
const MOVES = ['pointerover', 'focusout', 'scroll'] as const;

/**
 * The inbox as the page shows it: rows come in as those of a list do (UI §4), so not above what somebody points at, has
 * the focus in, has ticked or scrolled to, or is asked about. What waits outside is counted, and comes in when they
 * leave. `generation` changes where the rows are to be drawn anew.
 */
export function useShownInbox(inbox: InboxObject, box: Box) {
  const [, look] = useReducer((times: number) => times + 1, 0);
  const last = useRef(inbox);
  const isWished = useRef(false);
  const { held, newer } = holdBack(inbox, last.current);
  const isHeld = newer > 0 && !isWished.current && !mayTake(box);
  const shown = isHeld ? held : inbox;
  last.current = shown;
  isWished.current = false;
  useEffect(() => {
    if (!isHeld) return undefined;
    let frame = 0;
    const onMove = () => {
      cancelAnimationFrame(frame);
      // The focus goes from one to the next by way of nothing.
      frame = requestAnimationFrame(() => mayTake(box) && look());
    };
    for (const move of MOVES) document.addEventListener(move, onMove, true);
    return () => {
      cancelAnimationFrame(frame);
      for (const move of MOVES) document.removeEventListener(move, onMove, true);
    };
  }, [isHeld, box]);
  return {
    shown,
    newer: isHeld ? newer : 0,
    generation: useGeneration(box, listRows(shown), isInUse),
    showNewer() {
      isWished.current = true;
      goToTop();
      look();
    },
  };
}

function mayTake(box: Box): boolean {
  return mayJoin(box) && !isAsked(box);
}

/** What is drawn anew loses its focus, what is ticked in it, and the place that a dialog gives the focus back to. */
function isInUse(box: Box): boolean {
  return hasFocus(box) || isAsked(box);
}

/** Something is ticked, or asked of the person. */
function isAsked(box: Box): boolean {
  return Boolean(box.current?.querySelector(':checked') ?? document.querySelector('dialog[open]'));
}
