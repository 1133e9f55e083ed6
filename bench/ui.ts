import { measureGraph } from './ui/graph.ts';
import { measureHome } from './ui/home.ts';
import { measureLog } from './ui/log.ts';
import { openUi, type BenchUi } from './ui/open-ui.ts';

/**
 * Figures of the web interface in Chromium, on a real API with steered workflows, each case on a fresh one:
 * `node bench/ui.ts [graph] [home] [log]`, all of them without a name.
 */
const CASES: Record<string, (ui: BenchUi) => Promise<Record<string, number>>> = {
  graph: measureGraph,
  home: measureHome,
  log: measureLog,
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(CASES)) {
  const measure = CASES[name];
  if (!measure) throw new Error(`there is no case ${name}: ${Object.keys(CASES).join(', ')}`);
  const ui = await openUi();
  try {
    process.stdout.write(`\n${name}\n`);
    for (const [what, value] of Object.entries(await measure(ui))) {
      process.stdout.write(`  ${what.padEnd(52)}${value.toFixed(value < 10 ? 2 : 0).padStart(10)}\n`);
    }
  } finally {
    await ui.stop();
  }
}
