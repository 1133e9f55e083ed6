import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { handleName, runWorkflowId } from '#core/ids.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import type { ContainerEvent } from './docker-recorder.ts';
import type { Lab } from './lab.ts';
import { readLedger, type LedgerLine } from './ledger.ts';

const CLOSED_WITHIN_MS = 60_000;
const LOOK_MS = 100;
/** Of a log that differs, in a message. */
const REST_BYTES = 40;

/** What does not hold: the invariant (reliability N1–N8) and what was seen. */
export interface Breach {
  invariant: 'N1' | 'N2' | 'N3' | 'N4' | 'N5' | 'N7' | 'N8';
  runId: string | null;
  seen: string;
}

/** A run that was asked for and has ended; `endings` are those it may have. */
export interface ExpectedRun {
  run: RunObject;
  endings: readonly string[];
}

/**
 * Joins what the witnesses say with what the product says of these runs, all of which have ended. Nothing that is
 * expected is taken from the product's own tables: the ledger counts begins and hashes output, the engine counts
 * containers.
 */
export async function checkInvariants(lab: Lab, expected: readonly ExpectedRun[]): Promise<Breach[]> {
  return [
    ...(await checkRuns(lab, expected)),
    ...(await checkTogether(lab, new Set(expected.map(({ run }) => run.id)))),
  ];
}

/** What concerns each of these runs by itself: all but N1 and N7. */
export async function checkRuns(lab: Lab, expected: readonly ExpectedRun[]): Promise<Breach[]> {
  const ledger = readLedger(lab.folder);
  const events = lab.docker.read();
  const perRun = expected.map(async (each) => [
    ...(await checkRun(lab, each, ledger, events)),
    ...(await checkArtifacts(lab, each.run.id)),
  ]);
  return (await Promise.all(perRun)).flat();
}

async function checkRun(
  lab: Lab,
  { run: accepted, endings }: ExpectedRun,
  ledger: readonly LedgerLine[],
  events: readonly ContainerEvent[],
): Promise<Breach[]> {
  const { id: runId } = accepted;
  const breaches: Breach[] = [];
  const breach = (invariant: Breach['invariant'], seen: string): void => void breaches.push({ invariant, runId, seen });
  const run = await lab.client.getRun(runId);
  const ending = run.status.kind === 'ended' ? run.status.ending : run.status.kind;
  const stages = await lab.client.listStages(runId);
  if (!endings.includes(ending)) breach('N2', `the API says ${ending}: ${stages.map(describeStage).join(', ')}`);
  const [said] = await lab.database<{ endings: number; status: string }[]>`
    SELECT (SELECT count(*)::int FROM events
            WHERE run_id = ${runId} AND kind = 'run' AND status ->> 'kind' = 'ended') AS endings, status_kind AS status
    FROM runs WHERE id = ${runId}`;
  if (said?.endings !== 1 || said.status !== 'ended') breach('N2', `the database says ${JSON.stringify(said)}`);
  const workflow = await awaitClosed(lab, runId);
  if (workflow !== 'COMPLETED') breach('N2', `Temporal says ${workflow}`);

  const mine = ledger.filter((line) => line.runId === runId);
  for (const stage of stages) {
    if (stage.status.kind !== 'ended') breach('N8', `${stage.name} is ${stage.status.kind}`);
    for (let attempt = 1; attempt <= stage.attempts.length; attempt += 1) {
      const own = mine.filter((line) => line.stage === stage.name && line.attempt === attempt);
      const begun = own.filter(({ what }) => what === 'begun').length;
      if (begun > 1) breach('N3', `${stage.name} began attempt ${attempt} ${begun} times`);
      const name = handleName(runId, stage.name, attempt);
      const of = (action: string) => events.filter((event) => event.name === name && event.action === action).length;
      if (of('create') > 1 || of('start') > 1) {
        breach('N3', `${name} was created ${of('create')} and started ${of('start')} times`);
      }
      const account = own.find(({ what }) => what === 'ended');
      // One that provably never began may be followed by another attempt, by itself.
      const isLast = attempt === stage.attempts.length;
      if (isLast && stage.status.kind === 'ended' && stage.status.ending === 'passed' && begun === 0) {
        breach('N3', `${stage.name} passed and never began`);
      }
      if (account === undefined) continue;
      const log = await readLog(lab, runId, stage.name, attempt);
      if (log.gaps > 0 || log.digests.includes(account.digest ?? '')) continue;
      const { printed, ended } = log;
      const seen = `${describeDifference(lab, `${runId}-${stage.name}-${attempt}`, printed)}, ${ended ? 'ended' : 'not ended'}`;
      breach('N4', `the log of ${name} is not what it printed: ${seen}; ${describeStage(stage)}`);
    }
  }
  return breaches;
}

/** A run is over for those who read a moment before its workflow is; on a machine with much to do a long one. */
async function awaitClosed(lab: Lab, runId: string): Promise<string> {
  const until = performance.now() + CLOSED_WITHIN_MS;
  for (;;) {
    const { status } = await lab.workflows.workflow.getHandle(runWorkflowId(runId)).describe();
    if (status.name !== 'RUNNING' || performance.now() > until) return status.name;
    await pause(LOOK_MS);
  }
}

function describeStage({ name, status }: StageObject): string {
  return status.kind === 'ended'
    ? `${name} ${status.ending} (${status.reason?.message ?? ''})`
    : `${name} ${status.kind}`;
}

/** A line of BuildIt's own about a cache, on a line of its own. */
const NOTE = /\n?buildit: cache [^\n]*\n/g;

/**
 * What the shell around a step says when a signal ends it, which may come after the step has closed its account: its
 * last command is over and it is not.
 */
const SAID_OF_SIGNAL = /Terminated\n$/;

async function readLog(lab: Lab, runId: string, stage: string, attempt: number) {
  const parts: Uint8Array[] = [];
  for await (const bytes of await lab.client.readRawLog(runId, stage, attempt)) parts.push(bytes as Uint8Array);
  const printed = Buffer.concat(parts).toString('latin1').replaceAll(NOTE, '');
  const { gaps, ended } = await lab.client.readLogIndex(runId, stage, attempt);
  const digests = [printed, printed.replace(SAID_OF_SIGNAL, '')].map((text) =>
    createHash('sha256').update(text, 'latin1').digest('hex'),
  );
  return { digests, printed: Buffer.from(printed, 'latin1'), gaps: gaps.length, ended };
}

/** Where the log leaves what the stage has written of its output beside the ledger, and how it goes on there. */
function describeDifference({ folder }: Lab, name: string, printed: Buffer): string {
  const said = readFileSync(join(folder, 'said', name));
  const same = said.findIndex((byte, index) => byte !== printed[index]);
  const at = same === -1 ? said.length : same;
  const rest = JSON.stringify(printed.subarray(at, at + REST_BYTES).toString('latin1'));
  return `${printed.length} bytes of ${said.length}, from ${at} on ${rest}`;
}

/** What concerns all runs that were ever begun: that none is there besides those `known`, and that nothing is left. */
export async function checkTogether(lab: Lab, known: ReadonlySet<string>): Promise<Breach[]> {
  const breaches: Breach[] = [];
  const rows = await lab.database<{ id: string }[]>`SELECT id FROM runs`;
  for (const { id } of rows.filter((row) => !known.has(row.id))) {
    breaches.push({ invariant: 'N1', runId: id, seen: 'a run that nobody was answered for' });
  }
  for (const line of readLedger(lab.folder).filter(({ runId }) => !known.has(runId))) {
    breaches.push({ invariant: 'N1', runId: line.runId, seen: `the ledger knows ${line.stage} of another run` });
  }
  for (const seen of await findLeftovers(lab)) breaches.push({ invariant: 'N7', runId: null, seen });
  return breaches;
}

async function checkArtifacts(lab: Lab, runId: string): Promise<Breach[]> {
  const seen: (string | null)[] = [];
  for (const { id, bytes } of await lab.client.listArtifacts(runId)) seen.push(await checkArtifact(lab, id, bytes));
  return seen.filter((one) => one !== null).map((one) => ({ invariant: 'N5', runId, seen: one }));
}

/** Null when all of it can be read; the stream is verified on its way. */
async function checkArtifact(lab: Lab, id: string, bytes: number): Promise<string | null> {
  try {
    let length = 0;
    for await (const part of await lab.client.getArtifact(id)) length += (part as Uint8Array).length;
    return length >= bytes ? null : `artifact ${id} has ${length} bytes of ${bytes}`;
  } catch (error) {
    return `artifact ${id}: ${String(error)}`;
  }
}

/** Containers, networks, volumes, folders of attempts, claims of hosts and places of groups that are still there. */
export async function findLeftovers(lab: Lab): Promise<string[]> {
  const filter = `label=buildit.instance=${lab.instance}`;
  const list = (...args: string[]) =>
    execFileSync('docker', [...args, '--filter', filter], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean);
  const processes = join(lab.dataFolder, 'processes');
  const claims = await lab.database<{ runId: string; hostId: string }[]>`
    SELECT run_id, host_id FROM host_claims WHERE NOT released`;
  const slots = await lab.database<{ runId: string }[]>`SELECT run_id FROM slots`;
  return [
    ...list('ps', '-a', '--format', 'container {{.Names}}'),
    ...list('network', 'ls', '--format', 'network {{.Name}}'),
    // Unpacked caches are kept for the next run.
    ...list('volume', 'ls', '--format', 'volume {{.Name}}').filter((name) => !name.startsWith('volume bi-caches-')),
    ...(existsSync(processes) ? readdirSync(processes) : []).map((name) => `folder ${name}`),
    ...claims.map(({ runId, hostId }) => `claim of ${runId} on ${hostId}`),
    ...slots.map(({ runId }) => `place of ${runId}`),
  ];
}
