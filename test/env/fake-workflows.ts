import type { RunUpdate, UpdateVerdict, WorkflowGateway } from '#api/workflows/gateway.ts';
import { FaultError } from '#core/fault.ts';
import type { RunInput } from '#core/run.ts';

/** A gateway that a test steers: what it was asked, and what it answers. */
export interface FakeWorkflows extends WorkflowGateway {
  readonly started: RunInput[];
  readonly updates: { runId: string; update: RunUpdate }[];
  isReachable: boolean;
  answer(verdict: (runId: string, update: RunUpdate) => UpdateVerdict | Promise<UpdateVerdict>): void;
}

export function createFakeWorkflows(): FakeWorkflows {
  const started: RunInput[] = [];
  const updates: { runId: string; update: RunUpdate }[] = [];
  let respond: (runId: string, update: RunUpdate) => UpdateVerdict | Promise<UpdateVerdict> = () => ({
    kind: 'accepted',
  });
  const fake: FakeWorkflows = {
    started,
    updates,
    isReachable: true,
    answer: (verdict) => {
      respond = verdict;
    },
    async start(input) {
      requireReachable(fake.isReachable);
      if (!started.some((known) => known.runId === input.runId)) started.push(input);
    },
    async update(runId, update, signal) {
      requireReachable(fake.isReachable);
      updates.push({ runId, update });
      const stopped = new Promise<UpdateVerdict>((resolve) =>
        signal.addEventListener('abort', () => resolve({ kind: 'pending' }), { once: true }),
      );
      return Promise.race([Promise.resolve(respond(runId, update)), stopped]);
    },
    async findOpen(runId) {
      requireReachable(fake.isReachable);
      return started.some((input) => input.runId === runId) ? true : null;
    },
  };
  return fake;
}

function requireReachable(isReachable: boolean): void {
  if (isReachable) return;
  throw new FaultError({
    code: 'temporal-unreachable',
    message: 'Temporal does not answer',
    retry: { kind: 'yes', afterMs: 500 },
  });
}
