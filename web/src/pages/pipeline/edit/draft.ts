/** What is typed and not saved, with the version it is a change of. */
export interface Draft {
  base: { text: string; seq: number; version: number };
  text: string;
}

/** Drafts live as long as the tab: going elsewhere in it, or reading it anew, loses none. */
export function readDraft(pipelineId: string): Draft | null {
  try {
    const kept = sessionStorage.getItem(nameOf(pipelineId));
    return kept === null ? null : (JSON.parse(kept) as Draft);
  } catch {
    // Some browsers forbid it; then nothing is kept.
    return null;
  }
}

export function keepDraft(pipelineId: string, draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(nameOf(pipelineId), JSON.stringify(draft));
    else sessionStorage.removeItem(nameOf(pipelineId));
  } catch {
    // As above, or it is full.
  }
}

function nameOf(pipelineId: string): string {
  return `buildit.draft.${pipelineId}`;
}
