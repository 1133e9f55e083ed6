import { handleName } from '#core/ids.ts';
import type { AttemptSpec } from '../port.ts';

export const NONCE = 'c0ffee'.padEnd(32, '0');

/** What a spec cannot be without. */
type Given = Pick<AttemptSpec, 'runId' | 'stage' | 'source'> & Partial<AttemptSpec>;

/** An attempt of a stage that asks for nothing but its scripts, one a step. */
export function createSpec(scripts: readonly string[], given: Given): AttemptSpec {
  return {
    name: handleName(given.runId, given.stage, given.attempt ?? 1),
    attempt: 1,
    image: null,
    platform: null,
    services: [],
    secretFiles: [],
    shell: ['sh', '-e'],
    steps: scripts.map((script, index) => ({ script, title: `step ${index + 1}`, line: index + 1 })),
    env: {},
    workdir: null,
    user: null,
    resources: { cpu: null, memory: null, pids: null, disk: null },
    nonce: NONCE,
    inputs: [],
    ...given,
  };
}
