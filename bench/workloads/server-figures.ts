import type { Measures, Workload } from '../harness/workload.ts';
import type { BenchServer } from '../server/open-server.ts';
import { openIn } from './scope.ts';
import { openServerIn } from './server.ts';

/** What a server alone is measured by, each sample on a fresh one (ARCHITECTURE 6, beside W1–W13). */
const figuresOf = (
  id: string,
  title: string,
  limitMs: number,
  load: () => Promise<(server: BenchServer) => Promise<Measures>>,
): Workload => ({
  ...{ id, title, pace: 'long', limitMs },
  open: async () => ({
    systems: [
      {
        ...{ name: 'server', role: 'buildit', note: 'a `buildit server` on its port, the load from another process' },
        async measure() {
          const work = await load();
          let measures: Measures = {};
          const { close } = await openIn(async (scope) => {
            measures = await work(await openServerIn(scope));
            return [];
          });
          await close();
          return measures;
        },
      },
    ],
    close: async () => {},
  }),
});

export const reads = figuresOf('reads', 'reads of the API with 100,000 runs', 300_000, async () => {
  const { measureReads } = await import('../server/reads.ts');
  return measureReads;
});

export const streams = figuresOf(
  'streams',
  '2,000 streams on one list, 200 of which take nothing',
  300_000,
  async () => {
    const { measureStreams } = await import('../server/streams.ts');
    return measureStreams;
  },
);

export const throughput = figuresOf(
  'throughput',
  'one-stage process runs a second, and what one costs',
  180_000,
  async () => {
    const { measureThroughput } = await import('../server/throughput.ts');
    return measureThroughput;
  },
);

export const triggers = figuresOf(
  'triggers',
  'triggers at 50 a second, and 1,500 in ten seconds',
  600_000,
  async () => {
    const { measureTriggers } = await import('../server/triggers.ts');
    return measureTriggers;
  },
);
