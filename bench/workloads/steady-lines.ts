import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from './scope.ts';

/** Prints so many lines in so many seconds, at a steady rate. */
export interface SteadyLines {
  lines: number;
  seconds: number;
}

/** A stage `lines` of a process that prints them: each has its number, the moment it was printed, and 80 characters. */
export function writeSteadyStage({ folder }: Pick<Scope, 'folder'>, { lines, seconds }: SteadyLines): string {
  const program = join(folder, 'lines.cjs');
  writeFileSync(
    program,
    `
const begun = Date.now();
let printed = 0;
const timer = setInterval(() => {
  const due = Math.min(${lines}, Math.floor(((Date.now() - begun) * ${lines}) / ${seconds * 1_000}));
  let text = '';
  for (; printed < due; printed++) text += printed + ' ' + Date.now() + ' ' + 'x'.repeat(80) + '\\n';
  if (text !== '') process.stdout.write(text);
  if (printed === ${lines}) clearInterval(timer);
}, 10);
`,
  );
  return `stage "lines" { executor "process"; run #"exec "${process.execPath}" "${program}""# }\n`;
}
