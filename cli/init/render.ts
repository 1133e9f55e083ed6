import { printScalar } from '#config/pipeline/print.ts';
import type { Project, ProjectCache, ProjectStage } from './project.ts';

/** What the person says, or what stands for it. */
export interface Choices {
  name: string;
  executor: 'docker' | 'process';
}

/** A pipeline file for the projects of a folder, with comments for who sees the language for the first time. */
export function renderPipeline({ name, executor }: Choices, projects: readonly Project[]): string {
  const where = executor === 'docker' ? 'in containers; "process" runs them' : 'as processes';
  const alternative = executor === 'docker' ? '' : '; "docker" runs them in containers';
  const head = `// What BuildIt does with this repository: buildit validate checks it, buildit run runs it.
// Every word is explained in docs/language.md of BuildIt, every error by buildit help CODE.
pipeline ${printScalar(name)} {
    // Stages run ${where} on this machine${alternative}.
    executor "${executor}"
    timeout "1h"
}
`;
  if (projects.length === 0) return `${head}\n${renderHello(executor)}`;
  const languages = projects.filter(({ kind }) => kind !== 'docker').length;
  const blocks: string[] = [];
  const ends: string[] = [];
  for (const project of projects) {
    const cache = chooseCache(project, executor);
    if (cache) blocks.push(renderCache(cache));
    let before = project.kind === 'docker' ? [...ends] : [];
    for (const stage of project.stages) {
      const own = languages > 1 && project.kind !== 'docker' ? `${project.kind}-${stage.name}` : stage.name;
      blocks.push(renderStage(project, { ...stage, name: own }, before, executor));
      before = [own];
    }
    ends.push(...before);
  }
  return `${head}\n${blocks.join('\n')}`;
}

/** A process works in the home of whoever runs it, which stays by itself. */
function chooseCache({ cache }: Project, executor: Choices['executor']): ProjectCache | null {
  const isForProcess = cache?.paths.every((path) => !path.startsWith('~/'));
  return executor === 'docker' || isForProcess ? cache : null;
}

function renderCache({ name, paths, lock }: ProjectCache): string {
  return `// Kept from run to run, until ${lock} changes; then the newest of before will do to begin with.
cache ${printScalar(name)} {
    path ${paths.map(printScalar).join(' ')}
    key "${name}-{checksum ${lock}}"
    restore "${name}-"
}
`;
}

function renderStage(
  project: Project,
  stage: ProjectStage,
  needs: readonly string[],
  executor: Choices['executor'],
): string {
  const { evidence, image } = project;
  const cache = chooseCache(project, executor);
  const one = needs.length === 1 ? ` needs=${printScalar(needs[0] ?? '')}` : '';
  const lines: string[] = [];
  if (needs.length > 1) lines.push(`needs ${needs.map(printScalar).join(' ')}`);
  if (image === null && executor === 'docker') lines.push('executor "process"');
  // A process has no image; the line is there for who changes the executor.
  if (image !== null) lines.push(`${executor === 'docker' ? '' : '// '}image ${printScalar(image)}`);
  for (const [key, value] of Object.entries(stage.env)) lines.push(`env ${printScalar(key)} ${printScalar(value)}`);
  if (cache) lines.push(`cache ${printScalar(cache.name)}`);
  for (const script of stage.scripts) lines.push(`run ${printScalar(script)}`);
  for (const glob of stage.reports) lines.push(`report "junit" ${printScalar(glob)}`);
  if (stage.ideas.length > 0) lines.push('// To keep what it makes:', ...stage.ideas.map((idea) => `// ${idea}`));
  const body = lines.map((line) => `    ${line}\n`).join('');
  return `// From ${evidence}. ${stage.comment}\nstage ${printScalar(stage.name)}${one} {\n${body}}\n`;
}

/** What there is to begin with where nothing was found. */
function renderHello(executor: Choices['executor']): string {
  return `// Nothing was found that says how this is built. A stage is a unit of work; its scripts run in order.
stage "hello" {
    ${executor === 'docker' ? '' : '// '}image "busybox:1.37"
    run "echo Hello from BuildIt"
}

// One that runs when the first has passed:
// stage "next" needs="hello" { run "make" }
`;
}
