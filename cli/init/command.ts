import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { compile } from '#config/pipeline/compile.ts';
import { KINDS } from '#config/pipeline/names.ts';
import type { Call, Handler } from '../call.ts';
import { resolveDockerEndpoint } from '../docker/endpoint.ts';
import { pingDocker } from '../docker/ping.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { locateFiles, type PipelineFile } from '../file/locate.ts';
import { findSourceRoot } from '../file/source-root.ts';
import type { Commands } from '../grammar/commands.ts';
import { updateLock } from '../imports/update-lock.ts';
import { askLine } from '../terminal/ask.ts';
import { findProjects } from './find-projects.ts';
import { openFolder } from './folder.ts';
import type { Project } from './project.ts';
import { type Choices, renderPipeline } from './render.ts';

const FILE = '.buildit.kdl';

/**
 * `buildit init`: looks at what lies in the folder, asks at most two questions (none
 * without a terminal), writes `.buildit.kdl` and checks it. Prints its name. A folder that
 * has pipeline files keeps them: what they import from other repositories is fetched, and
 * where they import nothing there is nothing to do (exit 2).
 */
export const handle: Handler<Commands['init']> = async (call) => {
  const { folder, screen, environment } = call;
  const files = locateFiles(folder);
  if (files.length > 0) return fetchImports(call, files);
  const present = [FILE, 'buildit.kdl', '.buildit'].find((name) => existsSync(join(folder, name)));
  if (present !== undefined) throw refusePresent(present);
  const projects = findProjects(openFolder(folder));
  const cause = await pingDocker(resolveDockerEndpoint(environment, environment['HOME'] ?? homedir()).endpoint);
  const proposed: Choices = { name: nameOf(folder), executor: cause === null ? 'docker' : 'process' };
  const choices = screen.canPrompt && !call.options.yes ? await askChoices(proposed) : proposed;
  const text = renderPipeline(choices, projects);
  checkText(text);
  writeNew(join(folder, FILE), text);
  screen.out(`${FILE}\n`);
  screen.say(`${describe(projects)}\n`);
  if (choices.executor === 'process' && cause !== null)
    screen.say('Docker does not answer: stages run as processes.\n');
  screen.say('Next: buildit run\n');
  return EXIT.done;
};

/** Prints the files that were written: copies of what is imported, and buildit.lock. */
async function fetchImports(
  { screen, environment }: Call<Commands['init']>,
  files: readonly PipelineFile[],
): Promise<ExitCode> {
  const [first] = files;
  const updated = first ? await updateLock({ root: findSourceRoot(first.path).root, environment }, files) : null;
  if (!first || !updated || updated.files === 0) throw refusePresent(first?.shown ?? FILE);
  for (const path of updated.written) screen.out(`${path}\n`);
  screen.say(
    updated.written.length > 0
      ? 'Commit these files: with them nothing is fetched when the pipeline runs.\n'
      : 'What is imported is there already.\n',
  );
  return EXIT.done;
}

async function askChoices(proposed: Choices): Promise<Choices> {
  const name = (await askLine(`Name of the pipeline [${proposed.name}]: `)) || proposed.name;
  if (!KINDS.pipeline.pattern.test(name)) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `${JSON.stringify(name)} is no name for a pipeline`,
      fix: `a name has ${KINDS.pipeline.rule}`,
    });
  }
  const answer = (await askLine(`Stages run in docker or as process? [${proposed.executor}]: `)) || proposed.executor;
  if (answer === 'docker' || answer === 'process') return { name, executor: answer };
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `${JSON.stringify(answer)} is no executor`,
    fix: 'answer docker or process',
  });
}

/** The name of the folder with what a name may not have made to -. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .replaceAll(/^[.-]+|-+$/g, '')
    .slice(0, 100);
  return KINDS.pipeline.pattern.test(name) ? name : 'pipeline';
}

/** What is written is right; anything else is a fault of ours. */
function checkText(text: string): void {
  const { diagnostics } = compile({ ...{ file: FILE, text, facts: null, params: {} }, executor: null, stages: [] });
  if (diagnostics.length > 0) throw new Error(`the file would be wrong: ${JSON.stringify(diagnostics[0])}`);
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    if (code === 'EEXIST') throw refusePresent(FILE);
    throw new CommandError(EXIT.usage, {
      code: 'file-unwritable',
      message: `${FILE} cannot be written`,
      cause: code,
      fix: 'check the mode of the folder, and the space on the disk',
    });
  }
}

function refusePresent(name: string): CommandError {
  return new CommandError(EXIT.usage, {
    code: 'file-present',
    message: `there is ${name} already`,
    fix: 'change it, or move it away first: nothing is overwritten',
  });
}

/** `Found node (package.json), docker (Dockerfile)` */
function describe(projects: readonly Project[]): string {
  if (projects.length === 0) return 'Found nothing known; the file has one stage to begin with.';
  return `Found ${projects.map(({ kind, evidence }) => `${kind} (${evidence})`).join(', ')}.`;
}
