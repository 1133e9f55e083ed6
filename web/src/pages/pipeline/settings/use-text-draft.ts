import { useEffect, useState } from 'react';

/** A text that is typed and not saved, with what it is a change of. */
export interface Draft {
  text: string;
  base: string;
  seq: number;
}

/**
 * A field whose draft lives as long as the tab (as the editor's does) and stops it from being closed. `base` and `seq`
 * are those it was begun on: what somebody else saves meanwhile does not slip in under it.
 */
export function useTextDraft(key: string, present: { text: string; seq: number }) {
  const [draft, setDraft] = useState(() => read(key));
  const isDirty = draft !== null && draft.text !== draft.base;
  useEffect(() => keep(key, isDirty ? draft : null), [key, isDirty, draft]);
  useEffect(() => {
    if (!isDirty) return undefined;
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', guard);
    return () => window.removeEventListener('beforeunload', guard);
  }, [isDirty]);
  const begun = isDirty ? draft : { text: present.text, base: present.text, seq: present.seq };
  return {
    ...begun,
    isDirty,
    /** Somebody has saved another text since it was begun. */
    isStale: isDirty && draft.base !== present.text,
    change: (text: string) => setDraft({ ...begun, text }),
    /** Goes on from what is there now. */
    rebase: () => setDraft({ text: begun.text, base: present.text, seq: present.seq }),
    discard: () => setDraft(null),
    /** `sent` is saved, and `kept` is what there is now. */
    settle: (sent: string, kept: { text: string; seq: number }) => setDraft((now) => settleDraft(now, sent, kept)),
  };
}

/** What was sent needs no draft; what was typed while it was on its way is a change of what there is now. */
export function settleDraft(draft: Draft | null, sent: string, kept: { text: string; seq: number }): Draft | null {
  return draft === null || draft.text === sent ? null : { text: draft.text, base: kept.text, seq: kept.seq };
}

function read(key: string): Draft | null {
  try {
    const kept = sessionStorage.getItem(nameOf(key));
    return kept === null ? null : (JSON.parse(kept) as Draft);
  } catch {
    // Some browsers forbid it; then nothing is kept.
    return null;
  }
}

function keep(key: string, draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(nameOf(key), JSON.stringify(draft));
    else sessionStorage.removeItem(nameOf(key));
  } catch {
    // As above, or it is full.
  }
}

function nameOf(key: string): string {
  return `buildit.draft.${key}`;
}
