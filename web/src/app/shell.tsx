import { useIsFetching } from '@tanstack/react-query';
import { Suspense, lazy, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { MeObject } from '#core/rest-sign-in.ts';
import { ActionKeys } from '../actions/page-actions.tsx';
import { ActionRunnerProvider } from '../actions/runner.tsx';
import { useConnection } from '../data/stream.ts';
import { ProblemHelpContext } from '../ui/problem-help.ts';
import { Toasts } from '../ui/toast.tsx';
import { StaleBanner } from './connection-chip.tsx';
import { copyLink } from './copy-link.ts';
import { GoToKeys } from './go-to-keys.tsx';
import { Header } from './header.tsx';
import { openKeySheet } from './key-sheet-state.ts';
import { KeySheet } from './key-sheet.tsx';
import { listenToKeys, useKey } from './keys.ts';
import { useStillSpinners } from './many-spinners.ts';
import { openPalette, usePalette } from './palette-state.ts';
import { PaletteFrame } from './palette/palette-frame.tsx';
import { helpWithProblem } from './problem-help.tsx';
import { Router, useFocusOnNavigation } from './router.tsx';
import { RowKeys } from './row-keys.tsx';
import { SessionDialog } from './session-dialog.tsx';
import { Sidebar } from './sidebar.tsx';

const Palette = lazy(() => import('./palette/palette.tsx'));

/** All that is there whatever the page. */
export function Shell({ me }: { me: MeObject }) {
  const main = useFocusOnNavigation();
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  useReloadWhenOutdated();
  useStillSpinners();
  // What is shown for the first time, not what is asked anew.
  const isLoading = useIsFetching({ predicate: ({ state }) => state.data === undefined }) > 0;
  useEffect(() => listenToKeys(), []);
  return (
    <ProblemHelpContext value={helpWithProblem}>
      <ActionRunnerProvider>
        <a
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            main.current?.focus();
          }}
          className="sr-only z-50 rounded-6 bg-overlay px-3 py-2 text-13 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          Skip to the content
        </a>
        <div className="flex h-dvh">
          <div className="max-lg:hidden">
            <Sidebar me={me} />
          </div>
          <div className="flex min-w-0 flex-1 flex-col">
            <Header onOpenDrawer={() => setDrawerOpen(true)} />
            <StaleBanner />
            <main
              ref={main}
              id="main"
              aria-busy={isLoading || undefined}
              tabIndex={-1}
              className="min-h-0 flex-1 overflow-y-auto outline-none [scrollbar-gutter:stable]"
            >
              <Router me={me} />
            </main>
          </div>
        </div>
        {isDrawerOpen ? <Drawer me={me} onClose={() => setDrawerOpen(false)} /> : null}
        <ShellKeys />
        <GoToKeys me={me} />
        <RowKeys />
        <ActionKeys />
        <KeySheet />
        <PaletteSlot me={me} />
        <SessionDialog />
        <Toasts />
      </ActionRunnerProvider>
    </ProblemHelpContext>
  );
}

function Drawer({ me, onClose }: { me: MeObject; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label="Menu"
      onClose={onClose}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      className="m-0 h-dvh max-h-none bg-raised p-0 backdrop:bg-backdrop"
    >
      <Sidebar me={me} isDrawer onGo={onClose} />
    </dialog>
  );
}

function ShellKeys() {
  useKey({ keys: '?', label: 'These keys', group: 'Everywhere', run: openKeySheet });
  useKey({ keys: 'y', label: 'Copy the link', group: 'Everywhere', run: copyLink });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      openPalette();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return null;
}

function PaletteSlot({ me }: { me: MeObject }) {
  const opened = usePalette();
  if (!opened) return null;
  return (
    // Letters that are typed before the code is there are not lost, and act on nothing else.
    <Suspense
      fallback={
        <PaletteFrame value={opened.text} onChange={(event) => openPalette(event.target.value)}>
          {null}
        </PaletteFrame>
      }
    >
      <Palette me={me} text={opened.text} />
    </Suspense>
  );
}

/** A newer server serves newer pages: the next change of page takes them, so that nobody loses what they look at. */
function useReloadWhenOutdated(): void {
  const { isOutdated } = useConnection();
  const [path] = useLocation();
  const loaded = useRef(path);
  useEffect(() => {
    if (isOutdated && path !== loaded.current) location.reload();
    loaded.current = path;
  }, [isOutdated, path]);
}
