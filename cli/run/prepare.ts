import { accessSync, constants, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { compile } from '#config/pipeline/compile.ts';
import type { GitFacts, Plan } from '#core/plan.ts';
import type { StartRunRequest } from '#core/rest.ts';
import type { DebugOptions } from '#core/shell.ts';
import type { Call } from '../call.ts';
import { requireDocker } from '../docker/require.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { readGitFacts } from '../file/git-facts.ts';
import { readImportsOf } from '../file/imports.ts';
import type { PipelineFile } from '../file/locate.ts';
import { findSourceRoot } from '../file/source-root.ts';
import type { Commands } from '../grammar/commands.ts';
import { findNearest } from '../grammar/nearest.ts';
import { readCount } from '../settings.ts';
import { sayDiagnostics } from '../terminal/say-diagnostics.ts';
import { splitPairs } from './pairs.ts';
import { collectSecrets } from './secrets.ts';

/** A run that may be handed to the engine. */
export interface Prepared {
  plan: Plan;
  request: StartRunRequest;
}

/** Of the caller's environment only these reach process stages (LANGUAGE §11, ENGINE 11). */
const INHERITED = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR'];
const PROXIES = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
];

/** A file of this machine with what the command line says of it, compiled. */
export interface CompiledRun {
  plan: Plan;
  source: { root: string; isGit: boolean };
  git: GitFacts | null;
  params: Record<string, string>;
  envFile: Record<string, string>;
  executor: 'docker' | 'process' | null;
  maxParallel: number | null;
}

/** Compiles the file with the facts of its folder. Null when it has errors, which are then printed (exit 2). */
export async function compileRun(call: Call<Commands['run']>, file: PipelineFile): Promise<CompiledRun | null> {
  const { options, environment, folder } = call;
  call.screen.trace('loaded');
  const source = findSourceRoot(file.path);
  const params = splitPairs('--param', options.param);
  const envFile = readEnvFile('--env-file', options['env-file'], folder);
  const executor = options.executor === 'docker' || options.executor === 'process' ? options.executor : null;
  const maxParallel = options['max-parallel'] === null ? null : readCount('--max-parallel', options['max-parallel']);
  const git = source.isGit ? await readGitFacts(source.root, environment) : null;
  call.screen.trace('facts of the commit read');
  const trigger = options.remote ? 'manual' : 'local';
  const { plan, diagnostics, texts } = compile({
    file: file.shown,
    text: file.text,
    facts: { git, trigger, pr: null, env: envFile },
    params,
    executor,
    stages: options.stage,
    imports: readImportsOf(file, folder),
  });
  call.screen.trace('compiled');
  await sayDiagnostics(call.screen, diagnostics, file, texts);
  return plan && { plan, source, git, params, envFile, executor, maxParallel };
}

/**
 * Everything that can be said without the engine (ENGINE 11): the file compiles, its
 * secrets are there, Docker answers where a stage needs it. Null when the file has errors,
 * which are then printed (exit 2). Throws exit 2 and 3 for the rest.
 */
export async function prepareRun(call: Call<Commands['run']>, file: PipelineFile): Promise<Prepared | null> {
  const { options, environment, folder } = call;
  const compiled = await compileRun(call, file);
  if (!compiled) return null;
  const { plan, source, params, envFile, executor, maxParallel } = compiled;
  checkApprovals(plan, options.approve);
  const secretFile = options['secret-file'] === null ? null : resolve(folder, options['secret-file']);
  const secrets = collectSecrets(plan.secrets, secretFile, environment);
  const docker = await requireDocker(plan, environment, file.shown);
  return {
    plan,
    request: {
      file: file.path,
      text: file.text,
      root: source.root,
      params,
      environment: pick(environment, [...INHERITED, ...PROXIES]),
      envFile,
      docker,
      executor,
      stages: options.stage,
      maxParallel,
      inPlace: options['in-place'],
      git: options.git,
      debug: debugOf(options, plan),
      secretFile,
      secrets,
    },
  };
}

/** Null when the run goes on without standing still anywhere. Exit 2 for a stage that the file does not have. */
function debugOf(options: Call<Commands['run']>['options'], plan: Plan): DebugOptions | null {
  const names = plan.nodes.flatMap((node) => (node.kind === 'stage' ? [node.name, node.stage] : []));
  const unknown = options.break.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = findNearest(unknown, names);
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `--break names no stage of this file: "${unknown}"`,
      fix: near === null ? `stages: ${[...new Set(names)].slice(0, 20).join(', ')}` : `did you mean "${near}"?`,
    });
  }
  const isAsked = options.break.length > 0 || options['shell-on-failure'];
  return isAsked ? { shellOnFailure: options['shell-on-failure'], breakAt: options.break } : null;
}

/** A dotenv file as a record; exit 2 when it cannot be read. */
export function readEnvFile(flag: string, written: string | null, folder: string): Record<string, string> {
  if (written === null) return {};
  const path = resolve(folder, written);
  try {
    accessSync(path, constants.R_OK);
    return Object.fromEntries(
      Object.entries(parseEnv(readFileSync(path, 'utf8'))).map(([name, value]) => [name, value ?? '']),
    );
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    throw new CommandError(EXIT.usage, {
      code: 'env-file-unreadable',
      message: `${flag} ${written} cannot be read`,
      cause: `open ${code}`,
      fix: 'check the path and that you may read it',
    });
  }
}

function checkApprovals(plan: Plan, names: readonly string[]): void {
  const gates = plan.nodes.flatMap((node) => (node.kind === 'gate' || node.gate !== null ? [node.name] : []));
  const unknown = names.find((name) => !gates.includes(name));
  if (unknown === undefined) return;
  const near = findNearest(unknown, gates);
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `--approve names no gate of this file: "${unknown}"`,
    fix: near !== null ? `did you mean "${near}"?` : gates.length > 0 ? `gates: ${gates.join(', ')}` : 'it has no gate',
  });
}

function pick(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
