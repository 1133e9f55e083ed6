import { type Graph, IMAGE } from './graph.ts';

/** The graph as a pipeline file. */
export function toKdl({ name, jobs, place }: Graph): string {
  const where = place === 'container' ? `image "${IMAGE}"` : 'executor "process"';
  const stages = jobs.map((job) => {
    const needs = job.needs.length === 0 ? [] : [`needs ${job.needs.map((need) => `"${need}"`).join(' ')}`];
    const words = [...needs, ...job.commands.map((command) => `run "${command}"`)];
    return `stage "${job.name}" { ${words.join('; ')} }\n`;
  });
  return `pipeline "${name}" { ${where} }\n${stages.join('')}`;
}
