/** Tabs of a browser share the session: what one does to it the others are told. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('buildit.session');

/** Somebody is signed in in this tab: as a page begins, or after the dialog. */
export function tellSignedIn(): void {
  channel?.postMessage('signed-in');
}

/** Calls back when another tab has told so, and when the person comes back to this one. Answers what ends it. */
export function whenSignedInElsewhere(listener: () => void): () => void {
  channel?.addEventListener('message', listener);
  window.addEventListener('focus', listener);
  return () => {
    channel?.removeEventListener('message', listener);
    window.removeEventListener('focus', listener);
  };
}
