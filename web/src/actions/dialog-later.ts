import { lazy, useEffect, type ComponentType } from 'react';
import { showToast } from '../ui/toast.tsx';

interface Props<Subject> {
  subject: Subject;
  onClose(): void;
}
type Load<Subject> = () => Promise<ComponentType<Props<Subject>>>;

const LOADS: (() => Promise<unknown>)[] = [];

/** A dialog whose code is not needed to paint the first page: it comes when the page is idle, or else when it is opened. */
export function dialogLater<Subject>(load: Load<Subject>): ComponentType<Props<Subject>> {
  LOADS.push(load);
  return lazy(async () => ({ default: await load().catch(() => Missing) }));
}

/** Fetches the code of all dialogs ahead, so that they open at once and without a connection. */
export async function loadDialogs(): Promise<void> {
  await Promise.allSettled(LOADS.map((load) => load()));
}

/** Stands for a dialog whose code did not come. */
function Missing({ onClose }: { onClose(): void }) {
  useEffect(() => {
    showToast({ kind: 'error', text: 'This dialog could not be loaded', hint: 'reload the page' });
    onClose();
  }, [onClose]);
  return null;
}
