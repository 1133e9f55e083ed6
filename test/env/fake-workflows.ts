import type { QueueState, RunUpdate, UpdateVerdict, WorkflowGateway } from '#api/workflows/gateway.ts';
import type { GroupState } from '#core/concurrency.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { SweepReport } from '#core/leftovers.ts';
import type { RunInput } from '#core/run.ts';

/** A gateway that a test steers: what it was asked, and what it answers. */
export interface FakeWorkflows extends WorkflowGateway {
  readonly started: RunInput[];
  readonly updates: { runId: string; update: RunUpdate }[];
  readonly terminated: string[];
  /** `RUN STAGE`, as told. */
  readonly given: string[];
  /** By name. */
  readonly groups: Map<string, GroupState>;
  /** What is otherwise than one poller and no backlog, by queue. */
  readonly queues: Map<string, Partial<QueueState>>;
  /** What a sweep finds; null while another one is at work. */
  leftovers: SweepReport | null;
  isReachable: boolean;
  /** Refuses starts for good. */
  refusesStarts: boolean;
  answer(verdict: (runId: string, update: RunUpdate) => UpdateVerdict | Promise<UpdateVerdict>): void;
}

export function createFakeWorkflows(): FakeWorkflows {
  const started: RunInput[] = [];
  const updates: { runId: string; update: RunUpdate }[] = [];
  const terminated: string[] = [];
  const given: string[] = [];
  const groups = new Map<string, GroupState>();
  let respond: (runId: string, update: RunUpdate) => UpdateVerdict | Promise<UpdateVerdict> = () => ({
    kind: 'accepted',
  });
  const fake: FakeWorkflows = {
    started,
    updates,
    terminated,
    given,
    groups,
    queues: new Map(),
    leftovers: { leftovers: [], troubles: [] },
    isReachable: true,
    refusesStarts: false,
    answer: (verdict) => {
      respond = verdict;
    },
    async start(input) {
      requireReachable(fake.isReachable);
      if (fake.refusesStarts) {
        throw new FaultError({ code: 'workflow-refused', message: 'Temporal does not take this run', retry: NO_RETRY });
      }
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
    async tellPlaceGiven(runId, stage) {
      requireReachable(fake.isReachable);
      given.push(`${runId} ${stage}`);
    },
    async readGroup(_workspace, group) {
      requireReachable(fake.isReachable);
      return groups.get(group) ?? null;
    },
    async releasePlace(_workspace, group, place) {
      requireReachable(fake.isReachable);
      const state = groups.get(group);
      const holders = state?.holders.filter((one) => one.id !== place) ?? [];
      if (!state || holders.length === state.holders.length) return false;
      groups.set(group, { ...state, holders });
      return true;
    },
    async terminate(runId) {
      requireReachable(fake.isReachable);
      terminated.push(runId);
      return started.some((input) => input.runId === runId);
    },
    async findOpen(runId) {
      requireReachable(fake.isReachable);
      return started.some((input) => input.runId === runId) ? true : null;
    },
    async prune(isDry) {
      requireReachable(fake.isReachable);
      return isDry ? fake.leftovers : { leftovers: fake.leftovers?.leftovers ?? [], troubles: [] };
    },
    async readVersion() {
      requireReachable(fake.isReachable);
      return '0.0.0';
    },
    async describeQueues(queues) {
      requireReachable(fake.isReachable);
      const pollers = [{ identity: '1@test', seenAt: null }];
      return queues.map((queue) => ({ queue, backlog: 0, oldestMs: 0, pollers, ...fake.queues.get(queue) }));
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
