import { readFileSync } from 'node:fs';

/** A pipeline that comes with BuildIt and runs on any machine as it is. */
export interface Sample {
  /** Of the pipeline it becomes. */
  name: string;
  description: string;
  text: string;
}

const DESCRIPTIONS = {
  'sample-hello': 'Says hello, and fails when it is told to',
  'sample-fan-out': 'One stage in forty legs, and one that waits for all',
  'sample-flaky': 'A stage that fails once and passes when it is tried again',
} as const satisfies Record<string, string>;

/** In the order in which they are offered. Their texts never change in a workspace: they run unisolated (ENGINE 21). */
export const SAMPLES: readonly Sample[] = Object.entries(DESCRIPTIONS).map(([name, description]) => ({
  ...{ name, description },
  text: readFileSync(new URL(`${name}.kdl`, import.meta.url), 'utf8'),
}));
