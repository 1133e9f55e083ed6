import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantile } from './quantile.ts';

/**
 * What a user waits for, each beside its floor in the same rounds: a command line that does nothing (the pinned Node
 * with an empty script), and two raw `docker run` of the commands of the echo example.
 */
const ROUNDS = Number(process.argv[2] ?? 7);
const root = fileURLToPath(new URL('..', import.meta.url));
const launcher = join(root, 'buildit');
const folder = mkdtempSync(join(tmpdir(), 'buildit-bench-'));
const env = { ...process.env, BUILDIT_DATA: join(folder, 'data'), CI: 'true' };
const stages = Array.from({ length: 50 }, (_, index) => {
  const needs = index === 0 ? '' : ` needs="s${index - 1}"`;
  return `stage "s${index}"${needs} { image "busybox:1.37"; env "N" "${index}"; run "echo $N on \${git.branch}" }`;
});
writeFileSync(join(folder, 'fifty.kdl'), `pipeline "fifty"\n${stages.join('\n')}\n`);
const thousand = Array.from({ length: 125 }, (_, index) => {
  const words = ['image "busybox:1.37"', 'env "A" "b"', 'timeout "5m"', 'retry limit=2 on="any"', 'run "echo one"'];
  return `// ${index}\nstage "s${index}" {\n${words.map((word) => `    ${word}\n`).join('')}}\n`;
});
writeFileSync(join(folder, 'thousand.kdl'), thousand.join(''));

function time(command: string, args: readonly string[]): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stderr}`);
  return performance.now() - startedAt;
}

const buildit = (...args: string[]) => time(launcher, args);
const rawDocker = () =>
  time('docker', ['run', '--rm', 'busybox:1.37', 'echo', 'Hello from BuildIt']) +
  time('docker', ['run', '--rm', 'busybox:1.37', 'echo', 'world is up']);

const CASES: [name: string, measure: () => number][] = [
  ['node -e "" (floor)', () => time(join(root, 'node_modules/node/bin/node'), ['-e', ''])],
  ['buildit --version', () => buildit('--version')],
  ['buildit --help', () => buildit('--help')],
  ['buildit validate, 50 stages', () => buildit('validate', join(folder, 'fifty.kdl'))],
  ['buildit fmt, 1,000 lines', () => buildit('fmt', '--check', join(folder, 'thousand.kdl'))],
  ['2 × docker run (floor)', rawDocker],
  ['buildit run echo, warm', () => buildit('run', 'examples/echo.kdl')],
  ['buildit run hello, warm', () => buildit('run', 'examples/hello.kdl')],
  [
    'buildit run echo, cold',
    () => {
      buildit('engine', 'stop');
      return buildit('run', 'examples/echo.kdl');
    },
  ],
  [
    'buildit run hello, cold',
    () => {
      buildit('engine', 'stop');
      return buildit('run', 'examples/hello.kdl');
    },
  ],
];

// The very first start makes the database: no figure of ours.
buildit('run', 'examples/echo.kdl');
const times = new Map<string, number[]>(CASES.map(([name]) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, measure] of CASES) times.get(name)?.push(measure());
}
buildit('engine', 'stop');
rmSync(folder, { recursive: true, force: true });
for (const [name, taken] of times) {
  const [low, middle, high] = [0, 0.5, 1].map((q) => `${quantile(taken, q).toFixed(0)} ms`.padStart(8));
  process.stdout.write(`${name.padEnd(30)} min ${low}  median ${middle}  max ${high}\n`);
}
