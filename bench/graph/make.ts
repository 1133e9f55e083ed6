import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../harness/command.ts';
import type { Graph } from './graph.ts';

/** The graph by `make`, which starts a shell a job and remembers nothing. */
export async function openMake(folder: string, { jobs, atOnce }: Graph): Promise<() => Promise<number>> {
  const home = join(folder, 'make');
  mkdirSync(home);
  // With a word of the shell, since make starts `true` alone without one.
  const rules = jobs.map((job) => `${job.name}: ${job.needs.join(' ')}\n\t@: && ${job.commands.join(' && ')}\n`);
  const phony = jobs.map(({ name }) => name).join(' ');
  writeFileSync(join(home, 'Makefile'), `.PHONY: all ${phony}\nall: ${phony}\n${rules.join('')}`);
  return async () => (await runCommand('make', ['-s', `-j${atOnce ?? 2}`, 'all'], { cwd: home })).ms;
}
