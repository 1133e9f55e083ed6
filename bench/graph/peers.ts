import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand, runCommand } from '../harness/command.ts';
import type { System } from '../harness/workload.ts';
import { type Graph, IMAGE } from './graph.ts';

/** Another product on PATH, with its own fastest documented flags (performance.md P107). */
interface Peer {
  command: string;
  /** What it does not do that we do. */
  lacks: string;
  /** Null where it cannot do this. */
  prepare(folder: string, graph: Graph): { args: string[]; shown: string } | null;
}

/** YAML reads JSON; `true` without quotes is no command to it. */
const list = (items: readonly string[]) => items.map((item) => `"${item}"`).join(', ');
const atOnceOf = (graph: Graph) => String(graph.atOnce ?? 2);

export const PEERS: readonly Peer[] = [
  {
    command: 'act',
    lacks: 'not durable; jobs share the network of this machine, each has one container and an exec a step',
    prepare(folder, graph) {
      if (graph.place !== 'container') return null;
      const jobs = graph.jobs.map(({ name, needs, commands }) => {
        const steps = commands.map((command) => `      - run: ${JSON.stringify(command)}\n        shell: sh\n`);
        return `  ${name}:\n    runs-on: ubuntu-latest\n    needs: [${list(needs)}]\n    steps:\n${steps.join('')}`;
      });
      writeFileSync(join(folder, 'work.yml'), `on: push\njobs:\n${jobs.join('')}`);
      const flags = ['--pull=false', '--no-cache-server', '--bind', '--concurrent-jobs', atOnceOf(graph)];
      const args = ['push', '-W', 'work.yml', '-P', `ubuntu-latest=${IMAGE}`, ...flags];
      return { args, shown: flags.join(' ') };
    },
  },
  {
    command: 'gitlab-ci-local',
    lacks: 'not durable; copies the folder for each job',
    prepare(folder, graph) {
      const where = graph.place === 'container' ? `  image: ${IMAGE}\n` : '';
      const jobs = graph.jobs.map(({ name, needs, commands }) => {
        const script = commands.map((command) => `    - ${JSON.stringify(command)}\n`).join('');
        return `${name}:\n${where}  needs: [${list(needs)}]\n  script:\n${script}`;
      });
      writeFileSync(join(folder, '.gitlab-ci.yml'), jobs.join(''));
      const flags = ['--no-shell-isolation', '--no-json-schema-validation', '--concurrency', atOnceOf(graph)];
      const more = graph.place === 'container' ? ['--helper-image', IMAGE, '--pull-policy', 'if-not-present'] : [];
      return { args: [...flags, ...more], shown: [...flags, ...more].join(' ') };
    },
  },
  {
    command: 'woodpecker-cli',
    lacks: 'not durable; one network and one volume a run',
    prepare(folder, graph) {
      const where = graph.place === 'container' ? IMAGE : 'sh';
      const steps = graph.jobs.map(({ name, needs, commands }) => {
        const script = commands.map((command) => `      - ${JSON.stringify(command)}\n`).join('');
        return `  ${name}:\n    image: ${where}\n    depends_on: [${list(needs)}]\n    commands:\n${script}`;
      });
      writeFileSync(join(folder, 'work.yaml'), `skip_clone: true\nsteps:\n${steps.join('')}`);
      // It knows no limit of steps at once.
      if (graph.atOnce !== null) return null;
      const flags = ['--backend-engine', graph.place === 'container' ? 'docker' : 'local', '--local'];
      return { args: ['exec', ...flags, 'work.yaml'], shown: flags.join(' ') };
    },
  },
];

/** A system for each peer that is installed and can do this, in a repository of its own below the folder. */
export async function openPeers(folder: string, graph: Graph): Promise<System[]> {
  const systems: System[] = [];
  for (const { command, lacks, prepare } of PEERS) {
    if ((await findCommand(command)) === null) continue;
    const home = join(folder, command);
    mkdirSync(home);
    const prepared = prepare(home, graph);
    if (prepared === null) continue;
    await makeRepository(home);
    const { stdout } = await runCommand(command, ['--version'], { cwd: home });
    const version = /\d+(\.\d+)+\S*/.exec(stdout)?.[0] ?? 'of no version';
    systems.push({
      name: command,
      role: 'peer',
      note: `${version}, \`${prepared.shown}\`; ${lacks}`,
      async measure() {
        // Its first line is about itself: nothing to compare.
        return { 'wall, ms': (await runCommand(command, prepared.args, { cwd: home })).ms };
      },
    });
  }
  return systems;
}

/** With a commit and an origin that is nowhere: they ask git for both. */
async function makeRepository(home: string): Promise<void> {
  const script = [
    'git init -q -b main .',
    'git remote add origin https://example.invalid/bench/bench.git',
    'git add -A',
    'git -c user.name=bench -c user.email=bench@example.invalid commit -q -m bench',
  ];
  await runCommand('sh', ['-ec', script.join('\n')], { cwd: home });
}
