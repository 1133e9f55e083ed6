const EVERY_MS = 2_000;

interface Deps {
  /** Not while an answer is on its way: it would be given up for the next one again and again where much happens. */
  mayRead(): boolean;
  read(): void;
}

/** Reads once for all that ask for it, at most every two seconds, as soon as it may. */
export function createRefresh({ mayRead, read }: Deps): { ask(): void; stop(): void } {
  let planned: ReturnType<typeof setTimeout> | null = null;
  let last = Number.NEGATIVE_INFINITY;
  const plan = (delayMs: number) => {
    planned = setTimeout(() => {
      planned = null;
      if (!mayRead()) return plan(EVERY_MS);
      last = Date.now();
      read();
    }, delayMs);
  };
  return {
    ask() {
      if (planned === null) plan(Math.max(0, last + EVERY_MS - Date.now()));
    },
    stop() {
      if (planned !== null) clearTimeout(planned);
      planned = null;
    },
  };
}
