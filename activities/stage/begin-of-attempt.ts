/**
 * When an attempt began for whoever waits for it: preparing its container or process counts. A worker that attaches
 * later only knows the program's own start, which then is the earlier one. Time limits go by the program's start alone.
 */
export function beginOfAttempt(begunAt: string, programStartedAt: string | null): string {
  return programStartedAt !== null && programStartedAt < begunAt ? programStartedAt : begunAt;
}
