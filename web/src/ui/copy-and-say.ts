import { showToast } from './toast.tsx';
import { writeClipboard } from './write-clipboard.ts';

/** Copies a text and says that it has, or shows it where the browser refuses. */
export function copyAndSay(text: string, done: string): void {
  void writeClipboard(text).then(() => showToast({ kind: 'done', text: done }), sayRefused(text));
}

export function sayRefused(text: string) {
  return () => showToast({ kind: 'error', text: 'The browser does not let this page copy', hint: text });
}
