import { showToast } from '../ui/toast.tsx';

/** The address of what is shown, for others. */
export function copyLink(): void {
  void navigator.clipboard.writeText(location.href).then(
    () => showToast({ kind: 'done', text: 'Link copied' }),
    () => showToast({ kind: 'error', text: 'The browser does not let this page copy', hint: location.href }),
  );
}
