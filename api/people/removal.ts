import { ProblemError } from '../problem.ts';

/** Organization and workspace of local runs (0001_read-model.sql): they are found by these ids and names. */
const KEPT = new Set(['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002']);

/** Runs of local files live in `main/main`: it stays, under this name. */
export function requireRemovable(id: string, verb: 'renamed' | 'deleted' | 'transferred'): void {
  if (!KEPT.has(id)) return;
  throw new ProblemError(409, 'main-kept', `local runs live here: it cannot be ${verb}`, {
    hint: 'make another and leave this one to them',
  });
}

/** What is gone for ever is named by who wants it gone. Throws 422 `name-differs`. */
export function requireNamed(name: string, given: string): void {
  if (name === given) return;
  throw new ProblemError(422, 'name-differs', `the name in the body is not ${name}`, {
    errors: [{ pointer: '/name', code: 'name-differs', message: `is not ${name}` }],
    hint: 'write its name to confirm',
  });
}

/** Throws 409 `workspace-busy` while runs are open. */
export function requireClosed({ openRuns }: { openRuns: number }): void {
  if (openRuns === 0) return;
  throw new ProblemError(409, 'workspace-busy', `${openRuns} runs are open`, { hint: 'cancel them, or let them end' });
}
