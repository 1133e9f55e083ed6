import type { Workload } from './harness/workload.ts';
import { commands } from './workloads/commands.ts';
import { reads, streams, throughput, triggers } from './workloads/server-figures.ts';
import { w1 } from './workloads/w1.ts';
import { w2 } from './workloads/w2.ts';
import { w3a, w3b } from './workloads/w3.ts';
import { w4 } from './workloads/w4.ts';
import { w5a, w5b, w5c } from './workloads/w5.ts';
import { w6 } from './workloads/w6.ts';
import { w7 } from './workloads/w7.ts';
import { w8a } from './workloads/w8a.ts';
import { w8b } from './workloads/w8b.ts';
import { w8c } from './workloads/w8c.ts';
import { w8d } from './workloads/w8d.ts';
import { w9 } from './workloads/w9.ts';
import { w10 } from './workloads/w10.ts';
import { w11 } from './workloads/w11.ts';
import { w13 } from './workloads/w13.ts';

/** W1–W13 of performance.md §5 but W12, which is `bench/ui.ts`; and what ARCHITECTURE 6 promises beside them. */
export const WORKLOADS: readonly Workload[] = [
  ...[w1, w2, w3a, w3b, w4, w5a, w5b, w5c, w6, w7, w8a, w8b, w8c, w8d, w9, w10, w11, w13],
  ...[commands, reads, streams, throughput, triggers],
];

/** All for no name; `w3` means w3a and w3b. Throws for a name that is none. */
export function selectWorkloads(names: readonly string[]): Workload[] {
  if (names.length === 0) return [...WORKLOADS];
  return names.flatMap((name) => {
    const isMeant = ({ id }: Workload) => id === name || (id.startsWith(name) && /^[a-z]$/.test(id.slice(name.length)));
    const found = WORKLOADS.filter(isMeant);
    const known = WORKLOADS.map(({ id }) => id).join(', ');
    if (found.length === 0) throw new Error(`there is no workload ${name}: ${known}`);
    return found;
  });
}
