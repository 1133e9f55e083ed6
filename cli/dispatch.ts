import { toFault } from '#core/fault.ts';
import type { Problem } from '#core/rest.ts';
import type { AnyCall, Handler } from './call.ts';
import { type ConfigFile, readConfigFile } from './context/config-file.ts';
import { EXIT, type ExitCode, exitOfStatus } from './exit.ts';
import { exitOf } from './fault/command-error.ts';
import { faultToProblem, renderFault } from './fault/render.ts';
import { inTerminalWords } from './fault/terminal-hint.ts';
import { COMMANDS, type CommandName, type Commands } from './grammar/commands.ts';
import { type Parsed, parseCommandLine } from './grammar/parse.ts';
import type { CommandSpec } from './grammar/spec.ts';
import { checkHere, chooseColor, chooseFormat, chooseLimit, chooseTimeout, chooseUi } from './settings.ts';
import { choosePaint, hasColor } from './terminal/color.ts';
import { endOnClosedPipe, openScreen } from './terminal/screen.ts';

/** Where each command's code is; loaded only when it is called. */
const HANDLERS: { [Name in CommandName]: () => Promise<{ handle: Handler<Commands[Name]> }> } = {
  run: () => import('./run/command.ts'),
  validate: () => import('./commands/validate.ts'),
  fmt: () => import('./format/command.ts'),
  explain: () => import('./commands/explain.ts'),
  why: () => import('./commands/why.ts'),
  shell: () => import('./shell/command.ts'),
  graph: () => import('./graph/command.ts'),
  init: () => import('./init/command.ts'),
  lsp: () => import('./lsp/command.ts'),
  doctor: () => import('./doctor/command.ts'),
  prune: () => import('./commands/prune.ts'),
  help: () => import('./help/command.ts'),
  'runs list': () => import('./commands/runs-list.ts'),
  'runs show': () => import('./commands/runs-show.ts'),
  'runs logs': () => import('./logs/command.ts'),
  'runs watch': () => import('./commands/runs-watch.ts'),
  'runs cancel': () => import('./commands/runs-cancel.ts'),
  'runs pause': () => import('./commands/runs-pause.ts'),
  'runs resume': () => import('./commands/runs-resume.ts'),
  'runs compare': () => import('./commands/runs-compare.ts'),
  'runs retry': () => import('./commands/runs-retry.ts'),
  approve: () => import('./commands/approve.ts'),
  reject: () => import('./commands/reject.ts'),
  'artifacts list': () => import('./commands/artifacts-list.ts'),
  'artifacts get': () => import('./commands/artifacts-get.ts'),
  login: () => import('./commands/login.ts'),
  logout: () => import('./commands/logout.ts'),
  whoami: () => import('./commands/whoami.ts'),
  open: () => import('./commands/open.ts'),
  'config list': () => import('./commands/config-list.ts'),
  'config validate': () => import('./commands/config-validate.ts'),
  'config get': () => import('./commands/config-get.ts'),
  'config set': () => import('./commands/config-set.ts'),
  'config use': () => import('./commands/config-use.ts'),
  'pipelines list': () => import('./commands/pipelines-list.ts'),
  'pipelines show': () => import('./commands/pipelines-show.ts'),
  'pipelines create': () => import('./commands/pipelines-create.ts'),
  'pipelines edit': () => import('./commands/pipelines-edit.ts'),
  'pipelines trigger': () => import('./commands/pipelines-trigger.ts'),
  'pipelines enable': () => import('./commands/pipelines-enable.ts'),
  'pipelines disable': () => import('./commands/pipelines-disable.ts'),
  inbox: () => import('./commands/inbox.ts'),
  'environments list': () => import('./commands/environments-list.ts'),
  'environments show': () => import('./commands/environments-show.ts'),
  'environments lock': () => import('./commands/environments-lock.ts'),
  'environments unlock': () => import('./commands/environments-unlock.ts'),
  'secrets list': () => import('./commands/secrets-list.ts'),
  'secrets set': () => import('./commands/secrets-set.ts'),
  'secrets delete': () => import('./commands/secrets-delete.ts'),
  'secrets access': () => import('./commands/secrets-access.ts'),
  'tokens list': () => import('./commands/tokens-list.ts'),
  'tokens create': () => import('./commands/tokens-create.ts'),
  'tokens revoke': () => import('./commands/tokens-revoke.ts'),
  'members list': () => import('./commands/members-list.ts'),
  'members invite': () => import('./commands/members-invite.ts'),
  'members role': () => import('./commands/members-role.ts'),
  'members remove': () => import('./commands/members-remove.ts'),
  'audit list': () => import('./commands/audit-list.ts'),
  'audit verify': () => import('./commands/audit-verify.ts'),
  'engine status': () => import('./commands/engine-status.ts'),
  'engine stop': () => import('./commands/engine-stop.ts'),
  'engine logs': () => import('./commands/engine-logs.ts'),
  server: () => import('./commands/server.ts'),
  backup: () => import('./commands/backup.ts'),
  restore: () => import('./commands/restore.ts'),
  completion: () => import('./completion/command.ts'),
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Commands that may be the first to write the file of settings. */
const MAKES_CONFIG: ReadonlySet<CommandName> = new Set(['login', 'config set']);

/** Runs one command line to its exit code. Prints every error itself; never throws. */
export async function runCommandLine(
  argv: readonly string[],
  environment: Environment,
  folder: string,
): Promise<ExitCode> {
  endOnClosedPipe();
  let format = 'table';
  let isDebug = argv.includes('--debug');
  try {
    const parsed = parseCommandLine(argv);
    if (parsed.kind === 'help') return await printHelp(parsed.topic);
    const spec: CommandSpec = COMMANDS[parsed.name];
    isDebug = parsed.options['debug'] === true;
    const config = readConfigFile(environment, MAKES_CONFIG.has(parsed.name));
    format = chooseFormat(spec, parsed.options, { environment, config });
    if (spec.isHere === true) checkHere(spec, parsed.options);
    return await callHandler({ parsed, format, environment, folder, config });
  } catch (thrown) {
    return reportError(thrown, format, isDebug, environment);
  }
}

interface Prepared {
  parsed: Extract<Parsed, { kind: 'command' }>;
  format: string;
  environment: Environment;
  folder: string;
  config: ConfigFile;
}

async function callHandler({ parsed, format, environment, folder, config }: Prepared): Promise<ExitCode> {
  const { options } = parsed;
  const preset = { environment, config };
  const screen = openScreen({
    color: chooseColor(options, preset),
    quiet: options['quiet'] === true || (environment['BUILDIT_UI'] || config.settings.ui?.value) === 'quiet',
    verbose: options['verbose'] === true || options['debug'] === true,
    noInput: options['no-input'] === true || Boolean(environment['CI']),
    environment,
  });
  const call: Omit<AnyCall, 'options'> = {
    words: parsed.words,
    screen,
    format,
    ui: chooseUi(options, format, preset, screen.isErrTty),
    limit: chooseLimit(options),
    timeoutMs: chooseTimeout(options),
    environment,
    folder,
    config,
  };
  const { handle } = await HANDLERS[parsed.name]();
  // The parser has shaped the options by the very spec whose handler this is.
  return (handle as Handler<CommandSpec>)({ ...call, options } as Parameters<Handler<CommandSpec>>[0]);
}

async function printHelp(topic: string): Promise<ExitCode> {
  const { renderHelp } = await import('./help/render.ts');
  process.stdout.write(renderHelp(topic));
  return EXIT.done;
}

function reportError(thrown: unknown, format: string, isDebug: boolean, environment: Environment): ExitCode {
  const refused = problemOf(thrown);
  const problem = refused && inTerminalWords(refused);
  const fault = { ...toFault(thrown), ...(problem?.hint === undefined ? {} : { fix: problem.hint }) };
  if (['json', 'yaml', 'ndjson'].includes(format)) {
    process.stderr.write(`${JSON.stringify(problem ?? faultToProblem(fault))}\n`);
  } else {
    const paint = choosePaint(hasColor('auto', environment, process.stderr.isTTY === true));
    process.stderr.write(renderFault(fault, paint));
  }
  if (isDebug && thrown instanceof Error && thrown.stack !== undefined) process.stderr.write(`${thrown.stack}\n`);
  const known = exitOf(thrown) ?? (refused ? exitOfStatus(refused.status) : null);
  // An engine that went away in the middle of a command is a machine that is not ready, no fault of a run.
  return known ?? (fault.code === 'api-unreachable' ? EXIT.notReady : EXIT.errored);
}

/** The problem object inside a refusal of the API, or null; by its shape, so that no code of the client is loaded. */
function problemOf(thrown: unknown): Problem | null {
  if (typeof thrown !== 'object' || thrown === null || !('problem' in thrown)) return null;
  return thrown.problem as Problem;
}
