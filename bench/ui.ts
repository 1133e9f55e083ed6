import { measureOnce } from './harness/measure-once.ts';
import { measureGraph } from './ui/graph.ts';
import { measureHome } from './ui/home.ts';
import { measureInputs } from './ui/inputs.ts';
import { measureLive } from './ui/live.ts';
import { measureLog } from './ui/log.ts';
import { openUi, type BenchUi } from './ui/open-ui.ts';

/**
 * Figures of the web interface in Chromium, on a real API with steered workflows, each case on a fresh one:
 * `node bench/ui.ts [graph] [home] [inputs] [live] [log]`, all of them without a name. Each is kept in `bench/results` as `ui-NAME`.
 */
const CASES: Record<string, (ui: BenchUi) => Promise<Record<string, number>>> = {
  graph: measureGraph,
  home: measureHome,
  inputs: measureInputs,
  live: measureLive,
  log: measureLog,
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(CASES)) {
  const measure = CASES[name];
  if (!measure) throw new Error(`there is no case ${name}: ${Object.keys(CASES).join(', ')}`);
  const ui = await openUi();
  try {
    process.stdout.write(`\n${name}\n`);
    const browser = { name: 'browser', note: 'headless Chromium, 1920×1080, on the processors of the API' };
    const measures = await measureOnce({ id: `ui-${name}`, title: `the web: ${name}` }, browser, () => measure(ui));
    for (const [what, value] of Object.entries(measures)) {
      process.stdout.write(
        `  ${what.padEnd(52)}${Number(value)
          .toFixed(Number(value) < 10 ? 2 : 0)
          .padStart(10)}\n`,
      );
    }
  } finally {
    await ui.stop();
  }
}
