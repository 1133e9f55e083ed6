import { setTimeout as pause } from 'node:timers/promises';
import { measureLatency } from './server/latency.ts';
import { measureMemory } from './server/memory.ts';
import { type BenchServer, openServer } from './server/open-server.ts';
import { measureReads } from './server/reads.ts';
import { measureStreams } from './server/streams.ts';
import { measureThroughput } from './server/throughput.ts';
import { measureTriggers } from './server/triggers.ts';

/**
 * The figures of a server, each on a fresh one: `node bench/server.ts [latency] [memory] [reads] [streams] [throughput] [triggers]`,
 * all of them without a name.
 */
const CASES: Record<string, (server: BenchServer) => Promise<Record<string, number>>> = {
  latency: measureLatency,
  memory: async (server) => {
    await server.createPipeline('twenty', 'stage "a" {\n  executor "process"\n  run "true"\n}\n');
    for (let run = 0; run < 20; run++) await server.call('POST', 'pipelines/twenty/runs', {});
    while (
      (await server.client.listRuns({ limit: 20, cursor: null })).items.some((run) => run.status.kind !== 'ended')
    ) {
      await pause(200);
    }
    return measureMemory(server);
  },
  reads: measureReads,
  streams: measureStreams,
  throughput: measureThroughput,
  triggers: measureTriggers,
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(CASES)) {
  const measure = CASES[name];
  if (!measure) throw new Error(`there is no case ${name}: ${Object.keys(CASES).join(', ')}`);
  const server = await openServer();
  try {
    process.stdout.write(`\n${name}\n`);
    for (const [what, value] of Object.entries(await measure(server))) {
      process.stdout.write(`  ${what.padEnd(44)}${value.toFixed(value < 10 ? 2 : 0).padStart(10)}\n`);
    }
  } finally {
    await server.stop();
  }
}
