/** Aborts at the first Ctrl-C or SIGTERM; a second Ctrl-C ends the process where it stands. */
export function watchStopSignals(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
}
