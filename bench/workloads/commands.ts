import { fileURLToPath } from 'node:url';
import { runCommand } from '../harness/command.ts';
import type { System, Workload } from '../harness/workload.ts';
import { type Engine, openEngine } from './engine.ts';
import { openIn } from './scope.ts';

const NODE = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));

const FIFTY = Array.from({ length: 50 }, (_, index) => {
  const needs = index === 0 ? '' : `needs="s${index - 1}" `;
  return `stage "s${index}" ${needs}{ image "busybox:1.37"; env "N" "${index}"; run "echo $N on \${git.branch}" }\n`;
}).join('');
const THOUSAND_LINES = Array.from({ length: 125 }, (_, index) => {
  const words = ['image "busybox:1.37"', 'env "A" "b"', 'timeout "5m"', 'retry limit=2 on="any"', 'run "echo one"'];
  return `// ${index}\nstage "s${index}" {\n${words.map((word) => `    ${word}\n`).join('')}}\n`;
}).join('');

/** Commands that need no engine, beside a program of Node that does nothing. */
export const commands: Workload = {
  id: 'commands',
  title: 'commands that need no engine',
  pace: 'short',
  limitMs: 120_000,
  open: () =>
    openIn(async (scope) => {
      const engine = await openEngine(scope, 'warm');
      const fifty = engine.write('fifty.kdl', FIFTY);
      const thousand = engine.write('thousand.kdl', THOUSAND_LINES);
      return [
        {
          ...{ name: 'node -e ""', role: 'floor', note: 'the Node of the product with an empty program' },
          measure: async () => ({ 'wall, ms': (await runCommand(NODE, ['-e', ''], { cwd: '/' })).ms }),
        },
        command(engine, 'buildit --version', '--version'),
        command(engine, 'buildit --help', '--help'),
        command(engine, 'buildit validate, 50 stages', 'validate', fifty),
        command(engine, 'buildit fmt, 1,000 lines', 'fmt', '--check', thousand),
      ];
    }),
};

function command(engine: Engine, name: string, ...args: string[]): System {
  return {
    ...{ name, role: 'buildit', note: 'from the shell, compiled code cached' },
    measure: async () => ({ 'wall, ms': (await engine.run(...args)).ms }),
  };
}
