import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useMe } from '../data/me.ts';
import { createQueryClient } from '../data/query-client.ts';
import { tellSignedIn } from '../data/session-news.ts';
import { problemOf } from '../ui/describe-failure.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { PanelBoundary } from './panel-boundary.tsx';
import { Shell } from './shell.tsx';

export function App() {
  const [queries] = useState(createQueryClient);
  return (
    <PanelBoundary what="the page">
      <QueryClientProvider client={queries}>
        <SignedIn />
      </QueryClientProvider>
    </PanelBoundary>
  );
}

/** The server sends nobody here who is not signed in; whether that still holds is asked first. */
function SignedIn() {
  const { data, error, refetch } = useMe();
  const isSignedOut = problemOf(error)?.status === 401;
  useEffect(() => {
    // Nothing is typed yet that a page of its own would lose.
    if (isSignedOut) location.replace(`/login?return=${encodeURIComponent(location.pathname + location.search)}`);
  }, [isSignedOut]);
  const isSignedIn = data !== undefined;
  useEffect(() => {
    // Other tabs may be asking for it.
    if (isSignedIn) tellSignedIn();
  }, [isSignedIn]);
  if (data) return <Shell me={data} />;
  if (!error || isSignedOut) return null;
  return (
    <main className="grid h-dvh place-items-center">
      <ErrorState what="BuildIt could not be opened" problem={error} onRetry={() => void refetch()} />
    </main>
  );
}
