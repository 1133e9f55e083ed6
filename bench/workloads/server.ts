import type { StageObject } from '#core/rest.ts';
import type { BenchServer } from '../server/open-server.ts';
import type { Scope } from './scope.ts';

/** A `buildit server` that ends with the workload. */
export async function openServerIn({ defer }: Scope): Promise<BenchServer> {
  const { openServer } = await import('../server/open-server.ts');
  const server = await openServer();
  defer(() => server.stop());
  return server;
}

export interface WatchedRun {
  id: string;
  /** From the request to its end, as a client sees it that watches. */
  ms: number;
}

/** Triggers a pipeline and follows the run; throws when it does not pass. */
export async function runAndWatch(server: BenchServer, pipeline: string, limitMs = 60_000): Promise<WatchedRun> {
  const begun = performance.now();
  const run = await server.call<{ id: string; seq: number }>('POST', `pipelines/${pipeline}/runs`, {});
  let ms = Number.NaN;
  await server.client.stream(
    [`run:${run.id}@${run.seq}`],
    (event) => {
      if (event.event !== 'end') return;
      ms = performance.now() - begun;
      const { status } = event.object as { status: { ending?: string } };
      if (status.ending !== 'passed') throw new Error(`${pipeline} ended ${status.ending}`);
    },
    AbortSignal.timeout(limitMs),
    null,
  );
  return { id: run.id, ms };
}

/** From the moment a run was accepted until its first stage began its program, ms. */
export async function readQueuedMs(server: BenchServer, id: string): Promise<number> {
  const run = await server.client.getRun(id);
  const stages = (await server.client.listStages(id)).filter(
    (object): object is StageObject => object.kind === 'stage',
  );
  const began = stages.flatMap(({ attempts }) => attempts.map(({ startedAt }) => Date.parse(startedAt ?? '')));
  return Math.min(...began) - Date.parse(run.createdAt);
}
