/** How long a write waits for a database that is away, ms: ten times what a restart takes. The stage goes on meanwhile. */
export const PATIENCE_MS = 10_000;
