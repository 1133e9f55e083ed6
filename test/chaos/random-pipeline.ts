import { writeStep } from '../faults/ledger.ts';
import type { Random } from '../faults/random.ts';

/** A pipeline with the ending that it has when nobody stops it. */
export interface RandomPipeline {
  text: string;
  ending: 'passed' | 'failed';
}

const MAX_STAGES = 3;

/** One to three stages one after the other, in containers and as processes; the last may fail, some keep files. */
export function writeRandomPipeline(random: Random, name: string, hosts: readonly string[]): RandomPipeline {
  const count = random.whole(1, MAX_STAGES);
  const isFailing = random.once(6);
  const stages = Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1;
    const kept = random.once(3) ? `made-${name}-${index}` : null;
    const printing = { parts: random.whole(1, 12), pause: random.pick(['0', '0.1', '0.4']) };
    const then = [kept ? `mkdir -p ${kept}; cat blob > ${kept}/a` : '', isLast && isFailing ? 'exit 3' : ''];
    return [
      `stage "s${index}" {`,
      index > 0 ? `  needs "s${index - 1}"` : '',
      `  ${random.once(2) ? 'image "busybox:1.37"' : 'executor "process"'}`,
      `  runs-on "${random.pick(hosts)}"`,
      kept ? `  artifact "${kept}" { path "${kept}/*" }` : '',
      `  ${writeStep(printing, then.filter(Boolean).join('; '))}`,
      '}',
    ];
  });
  const head = random.once(4) ? `{ concurrency "${random.pick(['left', 'right'])}" when-busy="queue" }` : '';
  const lines = [`pipeline "${name}" ${head}`, ...stages.flat()];
  return { text: `${lines.filter(Boolean).join('\n')}\n`, ending: isFailing ? 'failed' : 'passed' };
}
