import { afterEach, beforeEach, vi } from 'vitest';
import type { StagePlan } from '#core/plan.ts';
import type { FakeBehaviour } from '../../executor/fake/behaviour.ts';
import {
  createFakeRuntime,
  type FakeAttempt,
  fakeExecutor,
  fakeHost,
  type FakeRuntime,
} from '../../executor/fake/executor.ts';
import { type BenchOptions, type BenchWorker, openStageBench, type StageBench } from './stage-bench.ts';

/** A bench with one stage `build` on the fake executor, anew for each test. */
export interface FakeBuild {
  readonly runtime: FakeRuntime;
  readonly bench: StageBench;
  /** The stage behaves like this. */
  openBuild(
    behaviour: FakeBehaviour,
    stage?: Partial<StagePlan>,
    options?: Partial<BenchOptions>,
  ): Promise<BenchWorker>;
  /** The first attempt, once it exists. */
  findAttempt(): Promise<FakeAttempt>;
}

export function useFakeBuild(): FakeBuild {
  let runtime: FakeRuntime;
  let bench: StageBench;
  beforeEach(() => {
    runtime = createFakeRuntime();
  });
  afterEach(() => bench.dispose());
  return {
    get runtime() {
      return runtime;
    },
    get bench() {
      return bench;
    },
    async openBuild(behaviour, stage = {}, options = {}) {
      runtime.behaviours.set('build', behaviour);
      bench = await openStageBench({
        stages: [{ name: 'build', ...stage }],
        kind: 'fake',
        image: null,
        openExecutor: () => ({ executor: fakeExecutor(runtime), host: fakeHost(runtime) }),
        ...options,
      });
      return bench.openWorker();
    },
    findAttempt: () => vi.waitUntil(() => [...runtime.attempts.values()][0]),
  };
}
