import { useKey } from './keys.ts';

/** Keys of lists: rows are what has `data-row`, in the order of the page. */
export function RowKeys() {
  useKey({ keys: 'j', label: 'Next row', group: 'Lists', run: () => move(1) });
  useKey({ keys: 'k', label: 'Previous row', group: 'Lists', run: () => move(-1) });
  useKey({ keys: 'Enter', label: 'Open the row', group: 'Lists', run: () => press('a[href]') });
  useKey({ keys: '.', label: 'Actions of the row', group: 'Lists', run: () => press('[data-row-actions] button') });
  useKey({ keys: ' ', label: 'Select the row', group: 'Lists', run: () => press('input[type=checkbox]') });
  useKey({ keys: '/', label: 'Filter', group: 'Lists', run: focusFilter });
  return null;
}

function currentRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('[data-row]') ?? null;
}

function move(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const current = currentRow();
  const at = current ? rows.indexOf(current) : step === 1 ? -1 : rows.length;
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Presses what is in the row that has the focus; anything else with the focus keeps its own meaning of the key. */
function press(selector: string): void {
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && activeElement.matches('a[href], button, summary')) {
    activeElement.click();
    return;
  }
  currentRow()?.querySelector<HTMLElement>(selector)?.click();
}

function focusFilter(): void {
  document.querySelector<HTMLElement>('main [data-filter]')?.focus();
}
