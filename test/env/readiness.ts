/** Parts of the test environment that a machine may lack. */
export type Part = 'docker' | 'dockerd' | 'temporal' | 'postgres15' | 'schemathesis' | 'compose' | 'chromium';

/** Whether a part can be used, else what it lacks. */
export type Readiness = { ready: true } | { ready: false; reason: string };

declare module 'vitest' {
  /** What `test/env/global-setup.ts` found once for all test files. */
  interface ProvidedContext {
    environment: Record<Part, Readiness>;
    /** Socket of `offer-postgres.ts`. */
    postgres: string;
  }
}
