import type { KeptRunner, RunnerRecords } from './port.ts';

/** Renewals a lease, as those of the claims. */
const RENEWALS = 6;

export interface RunnerDeps {
  runner: KeptRunner;
  records: Pick<RunnerRecords, 'keepRunner' | 'removeRunner' | 'listAwaiting'>;
  /** Tells a run that a stage of it may look for its machine again. */
  wake(runId: string, stage: string): Promise<void>;
  report(error: unknown, what: string): void;
}

/**
 * Says that this machine takes stages, with its labels, and goes on saying so; stages that waited for such a machine
 * are told. Close it before the machine takes no more.
 */
export function keepRunner({ runner, records, wake, report }: RunnerDeps): { close(): Promise<void> } {
  const { leaseMs } = runner;
  let isSaid = false;
  let saying: Promise<void> = Promise.resolve();

  async function say(): Promise<void> {
    try {
      await records.keepRunner(runner);
      if (isSaid) return;
      isSaid = true;
      for (const { runId, stage } of await records.listAwaiting()) {
        await wake(runId, stage).catch((error: unknown) => report(error, `wake ${stage} of ${runId}`));
      }
    } catch (error) {
      report(error, 'tell the labels of this machine');
    }
  }

  /** One on its way at a time. */
  const sayNext = () => (saying = saying.then(say));
  void sayNext();
  // The one machine of a laptop has nothing to renew, but a database that was away must hear it once.
  const timer = setInterval(() => (leaseMs > 0 || !isSaid) && void sayNext(), leaseMs > 0 ? leaseMs / RENEWALS : 5_000);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await saying;
      await records.removeRunner(runner.hostId).catch((error: unknown) => report(error, 'take the labels back'));
    },
  };
}
