import { CancellationScope, condition } from '@temporalio/workflow';
import { local } from './activities.ts';
import type { Book } from './book.ts';

/** Keeps the read model in step: one batch at a time, each with all that changed meanwhile. */
export interface Recorder {
  /** Something changed; the batch goes out at the end of this activation. */
  poke(): void;
  /** Whether everything is recorded. */
  readonly isIdle: boolean;
  /** Resolves when everything is recorded. */
  drain(): Promise<void>;
}

/** `leaveHost`: asked with the end of the run for the host that it leaves by that. */
export function startRecorder(book: Book, leaveHost: () => string | null): Recorder {
  let isBusy = false;
  const run = async () => {
    // One microtask later, so that all changes of this activation share a batch.
    await Promise.resolve();
    for (let batch = take(); batch; batch = take()) await local.recordBatch(batch);
    isBusy = false;
  };
  const take = () => {
    const batch = book.takeBatch(new Date(Date.now()).toISOString());
    const leaves = batch?.run?.kind === 'ended' ? leaveHost() : null;
    return batch && leaves !== null ? { ...batch, leaves } : batch;
  };
  return {
    poke() {
      if (isBusy) return;
      isBusy = true;
      void CancellationScope.nonCancellable(run);
    },
    get isIdle() {
      return !isBusy;
    },
    drain: () => CancellationScope.nonCancellable(() => condition(() => !isBusy)),
  };
}
