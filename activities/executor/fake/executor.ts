import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { pack } from 'tar-stream';
import { FaultError } from '#core/fault.ts';
import { nameInTree } from '../caches.ts';
import { createGlobMatcher } from '../globs.ts';
import { MARK_BYTE } from '../marks.ts';
import {
  type AttemptSpec,
  type Executor,
  type ExecutorHost,
  type Handle,
  NeverStartedError,
  type RunOnHost,
} from '../port.ts';
import { type FakeBehaviour, readBehaviour } from './behaviour.ts';
import { createFakeServices, type FakeServices, fakeServices } from './services.ts';

/** The world of fake attempts: outlives the executors made over it, as a daemon outlives workers. */
export interface FakeRuntime {
  /** By name of the stage, or of the attempt's handle; else the environment decides. */
  behaviours: Map<string, FakeBehaviour>;
  attempts: Map<string, FakeAttempt>;
  runs: Map<string, RunOnHost>;
  /** In the order they were created, for ever: the ledger of tests. */
  created: AttemptSpec[];
  /** Calls of `start`. */
  starts: number;
  services: FakeServices;
}

export interface FakeAttempt {
  spec: AttemptSpec;
  behaviour: FakeBehaviour;
  raw: Buffer;
  startedAt: string;
  /** Resolves with the exit code. */
  ended: Promise<number>;
  endedAt: string | null;
  end: (code: number) => void;
}

export function createFakeRuntime(): FakeRuntime {
  return {
    behaviours: new Map(),
    attempts: new Map(),
    runs: new Map(),
    created: [],
    starts: 0,
    services: createFakeServices(),
  };
}

/** An executor without any program: steerable, for tests and for measuring what is not the executor. */
export function fakeExecutor(runtime: FakeRuntime): Executor {
  function find(handle: Pick<Handle, 'name'>): FakeAttempt {
    const attempt = runtime.attempts.get(handle.name);
    if (attempt) return attempt;
    throw new FaultError({
      code: 'attempt-missing',
      message: `There is no attempt ${handle.name}`,
      retry: { kind: 'no' },
    });
  }

  return {
    kind: 'fake',
    services: fakeServices(runtime.services),
    async start(spec, signal) {
      runtime.starts++;
      const found = runtime.attempts.get(spec.name);
      const behaviour =
        found?.behaviour ??
        runtime.behaviours.get(spec.name) ??
        runtime.behaviours.get(spec.stage) ??
        readBehaviour(spec.env);
      const fault = behaviour.startFaults?.shift();
      if (fault) throw new NeverStartedError(fault);
      if (!found) for (const pull of behaviour.pulls ?? []) spec.onPull?.(pull);
      if (!found && behaviour.stallsStart) await rejectOnAbort(signal ?? AbortSignal.any([]));
      if (!found) signal?.throwIfAborted();
      const attempt = found ?? beginAttempt(spec, behaviour);
      if (!found) {
        runtime.attempts.set(spec.name, attempt);
        runtime.created.push(spec);
        for (const { entry, onRestored } of spec.caches ?? []) if (entry) onRestored({ kind: 'restored', ms: 1 });
      }
      return describeAttempt(attempt, !found);
    },
    async find({ name }) {
      const attempt = runtime.attempts.get(name);
      return attempt ? describeAttempt(attempt, false) : null;
    },
    async follow(handle, from, sink, signal) {
      const attempt = find(handle);
      const fault = attempt.behaviour.followFaults?.shift();
      const { raw } = attempt;
      const limit = fault ? Math.max(from, Math.floor(raw.length / 2)) : raw.length;
      for (let at = from; at < limit; at += 65_536) {
        signal.throwIfAborted();
        await sink.onBytes(raw.subarray(at, Math.min(at + 65_536, limit)));
      }
      const { holdMs } = attempt.behaviour;
      if (fault) {
        if (holdMs !== undefined) await delay(holdMs, undefined, { signal });
        throw new FaultError(fault);
      }
      const code = await Promise.race([attempt.ended, rejectOnAbort(signal)]);
      if (holdMs !== undefined) await delay(holdMs, undefined, { signal });
      if (!attempt.behaviour.isKilled) {
        const outputs =
          attempt.behaviour.outputs === undefined ? '' : markText(attempt, `out ${attempt.behaviour.outputs}\x1e`);
        const told = Object.keys(attempt.behaviour.exchange ?? {})
          .map((file) => markText(attempt, file))
          .join('');
        const tail = `${markText(attempt, `end 1 ${code} 0 0`)}${outputs}${told}${markText(attempt, `eof ${code}`)}`;
        await sink.onBytes(Buffer.from(tail).subarray(Math.max(0, from - raw.length)));
      }
      return {
        code,
        outOfMemory: attempt.behaviour.outOfMemory ?? false,
        refusal: null,
        lostContact: attempt.behaviour.lostContact ?? false,
        endedAt: attempt.endedAt ?? new Date().toISOString(),
      };
    },
    async stop(handle, graceMs) {
      const attempt = find(handle);
      if (attempt.behaviour.ignoresTerm) await delay(graceMs);
      attempt.end(attempt.behaviour.ignoresTerm ? 137 : 143);
      await attempt.ended;
    },
    async collect(handle, wanted): Promise<Readable> {
      const tar = pack();
      const trees = 'trees' in wanted ? wanted.trees.map(nameInTree) : [];
      const matches = 'trees' in wanted ? isBelow(trees) : createGlobMatcher(wanted);
      for (const [name, content] of Object.entries(find(handle).behaviour.files ?? {})) {
        if (matches(name)) tar.entry({ name }, content);
      }
      tar.finalize();
      return Readable.from(tar);
    },
    async readExchange(handle, file, limit) {
      const text = file === 'output' ? find(handle).behaviour.outputs : find(handle).behaviour.exchange?.[file];
      return Buffer.from(text ?? '').subarray(0, limit + 1);
    },
    async remove(handle) {
      runtime.attempts.get(handle.name)?.end(137);
      runtime.attempts.delete(handle.name);
    },
  };
}

export function fakeHost(runtime: FakeRuntime): ExecutorHost {
  return {
    kind: 'fake',
    check: async () => null,
    async openRun(run) {
      runtime.runs.set(run.runId, run);
    },
    async closeRun(runId) {
      for (const [name, attempt] of runtime.attempts) {
        if (attempt.spec.runId !== runId) continue;
        attempt.end(137);
        runtime.attempts.delete(name);
      }
      runtime.runs.delete(runId);
    },
    sweep: async () => {},
    listRuns: async () => [...runtime.runs.keys()],
  };
}

function beginAttempt(spec: AttemptSpec, behaviour: FakeBehaviour): FakeAttempt {
  const { promise, resolve } = Promise.withResolvers<number>();
  const attempt: FakeAttempt = {
    spec,
    behaviour,
    raw: Buffer.alloc(0),
    startedAt: new Date().toISOString(),
    ended: promise,
    endedAt: null,
    end(code) {
      attempt.endedAt ??= new Date().toISOString();
      resolve(code);
    },
  };
  attempt.raw = Buffer.concat([
    Buffer.from(markText(attempt, 'begin') + markText(attempt, 'start 1')),
    behaviour.output ?? Buffer.alloc(0),
  ]);
  const code = behaviour.outOfMemory || behaviour.isKilled ? 137 : (behaviour.exitCode ?? 0);
  if (behaviour.hang) return attempt;
  if (behaviour.durationMs === undefined) attempt.end(code);
  else setTimeout(() => attempt.end(code), behaviour.durationMs);
  return attempt;
}

/** The fake's files stand under the names of a cache's tar. */
function isBelow(trees: readonly string[]): (name: string) => boolean {
  return (name) => trees.some((tree) => name === tree || name.startsWith(`${tree}/`));
}

function describeAttempt({ spec, startedAt, endedAt }: FakeAttempt, created: boolean): Handle {
  const state = endedAt === null ? 'running' : 'exited';
  return { name: spec.name, runId: spec.runId, startedAt, state, image: null, created };
}

function markText(attempt: FakeAttempt, body: string): string {
  return `${String.fromCharCode(MARK_BYTE)}${attempt.spec.nonce} ${body}\n`;
}

async function rejectOnAbort(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
