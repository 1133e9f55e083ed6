import { useKey } from './keys.ts';

/** Keys of lists: rows are what has `data-row`, in the order of the page. */
export function RowKeys() {
  useKey({ keys: 'j', label: 'Next row', group: 'Lists', run: () => move(1) });
  useKey({ keys: 'k', label: 'Previous row', group: 'Lists', run: () => move(-1) });
  useKey({ keys: 'Enter', label: 'Open the row', group: 'Lists', run: () => press('Enter', 'a[href]') });
  useKey({
    keys: '.',
    label: 'Actions of the row',
    group: 'Lists',
    run: () => press('.', '[data-row-actions] button'),
  });
  useKey({ keys: ' ', label: 'Select the row', group: 'Lists', run: () => press(' ', 'input[type=checkbox]') });
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

/** What the browser itself presses with the key, when it has the focus. */
const PRESSED_BY: Partial<Record<string, string>> = {
  Enter: 'a[href], button, summary, input',
  ' ': 'button, summary, input',
};

/** Presses what is in the row that has the focus; false when there is none, or what has it takes the key itself. */
function press(key: string, selector: string): boolean {
  const own = PRESSED_BY[key];
  if (own !== undefined && document.activeElement?.matches(own)) return false;
  const found = currentRow()?.querySelector<HTMLElement>(selector);
  found?.click();
  return Boolean(found);
}

function focusFilter(): void {
  document.querySelector<HTMLElement>('main [data-filter]')?.focus();
}
