import { PROMISED } from './goals.ts';
import { formatPromises } from './promise-table.ts';
import type { Result } from './result.ts';
import { formatResultTable } from './table.ts';

const [BEGIN, END] = ['<!-- bench:begin -->', '<!-- bench:end -->'];

/** The document with the tables of these results between its two markers. Throws where it has not both. */
export function formatDocument(document: string, results: readonly Result[]): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document has no ${BEGIN} before an ${END}`);
  const tables = results.map((result) => {
    const { workload, title, systems } = result.header;
    const notes = systems.map(({ name, note }) => `- ${name}: ${note}`);
    return `### ${workload}: ${title}\n\n${formatResultTable(result)}\n\n${notes.join('\n')}`;
  });
  const body = [formatMachines(results), formatPromises(PROMISED, results), ...tables].join('\n\n');
  return `${document.slice(0, begin + BEGIN.length)}\n\n${body.trim()}\n\n${document.slice(end)}`;
}

/** All were measured on one machine, or each of them is named. */
function formatMachines(results: readonly Result[]): string {
  const machines = results.map(({ header: { machine } }) => {
    const memory = `${Math.round(machine.memoryBytes / 2 ** 30)} GiB`;
    return `${machine.processors} × ${machine.model}, ${memory}, Linux ${machine.kernel}, Docker Engine ${machine.engine}, Node ${machine.node}`;
  });
  return [...new Set(machines)].map((machine) => `Measured on ${machine}.`).join('\n');
}
