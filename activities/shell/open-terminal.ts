import type { StageTask } from '#core/attempt.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { handleName } from '#core/ids.ts';
import type { ExecutorKind, Plan, StagePlan } from '#core/plan.ts';
import type { ShellRow } from '#db/rows.ts';
import type { ArtifactStore } from '#store/artifact/port.ts';
import type { ObjectStore } from '#store/object/port.ts';
import type { AttemptSpec, Executor, ExecutorHost } from '../executor/port.ts';
import type { Terminal } from '../executor/terminal.ts';
import type { AttemptRecords, RunContext } from '../record/port.ts';
import { createPlanCache, findStage } from '../stage/plan-cache.ts';
import { resolveStage } from '../stage/resolve-stage.ts';
import type { SourceFiles } from '../stage/source-files.ts';

export interface TerminalDeps {
  records: Pick<AttemptRecords, 'findAttemptStart' | 'findRunContext' | 'findStageTask'>;
  objects: ObjectStore;
  artifacts: Pick<ArtifactStore, 'load'>;
  source: SourceFiles;
  find(kind: ExecutorKind, dockerEndpoint: string | null): { executor: Executor; host: ExecutorHost };
  /** An output that another stage sealed. */
  openSealed(runId: string, sealed: string): Promise<string>;
  /** Values of the stage's secrets, for a terminal that may have them; each release is on record. */
  openSecrets(
    context: RunContext,
    key: { runId: string; stage: string; attempt: number; environment: string | null },
    names: readonly string[],
  ): Promise<Record<string, string>>;
}

export interface OpenedTerminal {
  terminal: Terminal;
  /** What the person looks at. */
  note: string;
  close(): Promise<void>;
}

/** A stage that does nothing until it is removed: what a terminal of an attempt that is gone stands beside. */
const HOLDER = { title: 'terminal', line: 1, script: "trap 'exit 0' TERM; while :; do sleep 1; done\n" };

/**
 * Opens the terminal that somebody asked for: beside the attempt where it still is (it runs, or is held), else beside a
 * new one that begins as it did, on a place of its own under the shell's id. Throws faults.
 */
export async function openTerminal(deps: TerminalDeps, shell: ShellRow): Promise<OpenedTerminal> {
  const { runId, attempt } = shell;
  const context = await deps.records.findRunContext(runId);
  const plan = await createPlanCache(deps.objects)(context.plan);
  const stage = findStage(plan, shell.stage);
  const { executor, host } = deps.find(stage.executor, context.dockerEndpoint);
  if (!executor.terminals) {
    throw new FaultError({
      code: 'terminal-unsupported',
      message: `No terminal can be opened in a stage of the executor ${stage.executor}`,
      retry: NO_RETRY,
    });
  }
  const spec = await resolveSpec(deps, { shell, context, plan, stage });
  const options = {
    ...{ id: shell.id, env: spec.env, exchange: shell.secrets, workdir: spec.workdir, user: spec.user },
    size: { rows: shell.terminalRows, columns: shell.terminalColumns },
  };
  const name = handleName(runId, stage.name, attempt);
  const found = await executor.find({ name, runId });
  if (found !== null) {
    const terminal = await executor.terminals.open(found, options);
    const note =
      found.state === 'running'
        ? `beside attempt ${attempt}, which runs: the workspace is its own`
        : `attempt ${attempt} has ended; the workspace is as it left it`;
    return { terminal, note, close: () => terminal.close() };
  }
  // On a place of its own: the run may be over, or its network too small for a second of the kind.
  const place = { name: handleName(shell.id, stage.name, 1), runId: shell.id };
  await host.openRun({ runId: shell.id, source: context.source, attempts: [] });
  const clear = async () => {
    await executor.remove(place);
    await host.closeRun(shell.id);
  };
  try {
    await executor.start({ ...spec, ...place, attempt: 1, shell: ['sh'], steps: [HOLDER], user: null });
    const terminal = await executor.terminals.open(place, options);
    const hasBegun = (await deps.records.findAttemptStart({ runId, stage: stage.name, attempt })) !== null;
    return {
      terminal,
      note: hasBegun
        ? `attempt ${attempt} is gone; the workspace is as it was when it began`
        : `attempt ${attempt} has not begun; the workspace is as it will find it, and another one`,
      async close() {
        await terminal.close();
        await clear();
      },
    };
  } catch (error) {
    await clear().catch(() => {});
    throw error;
  }
}

async function resolveSpec(
  deps: TerminalDeps,
  { shell, context, plan, stage }: { shell: ShellRow; context: RunContext; plan: Plan; stage: StagePlan },
): Promise<AttemptSpec> {
  const key = { runId: shell.runId, stage: stage.name, attempt: shell.attempt };
  const task: StageTask = await deps.records.findStageTask(key, plan);
  const resolved = await resolveStage({
    ...{ task, plan, stage, context, nonce: 'terminal', artifacts: deps.artifacts, source: deps.source },
    openSealed: async (sealed) => (shell.secrets ? deps.openSealed(shell.runId, sealed) : ''),
    openSecrets: async (names) =>
      shell.secrets
        ? deps.openSecrets(context, { ...key, environment: stage.environment ?? null }, names)
        : Object.fromEntries(names.map((name) => [name, ''])),
  });
  const { secrets } = resolved;
  // A terminal beside the stage has no services of its own.
  const spec: AttemptSpec = { ...resolved.spec, services: [] };
  if (shell.secrets || Object.keys(secrets).length === 0) return spec;
  const hidden = new Set(stage.secrets.map(({ as }) => as));
  const env = Object.fromEntries(Object.entries(spec.env).filter(([name]) => !hidden.has(name)));
  return { ...spec, env, secretFiles: [] };
}
