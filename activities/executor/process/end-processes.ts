import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listExchangeVariables } from '../exchange.ts';
import { PLACES, readBegan, statIfThere } from './attempt-folder.ts';
import { findByEnvironment } from './find-by-environment.ts';
import { isAlive, readIdentity, sendSignal, signalGroup } from './process-identity.ts';

const POLL_MS = 10;
/** A supervisor notes itself right after it has begun; this is only for a machine under load. */
const NOTE_MS = 5_000;

/** Whether the attempt’s supervisor is there to tell how it ends; one that has just begun is waited for. */
export async function isSupervised(folder: string): Promise<boolean> {
  const deadline = performance.now() + NOTE_MS;
  for (;;) {
    const supervisor = await readIdentity(join(folder, PLACES.supervisor));
    if (supervisor !== null) return isAlive(supervisor);
    // It has begun and not yet noted itself.
    if ((await readBegan(folder)) === null || performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
}

/** SIGTERM to the program's group, SIGKILL after the grace to it and to what has left the group. Resolves when it is over. */
export async function endProgram(folder: string, graceMs: number): Promise<void> {
  await signalProgram(folder, 'SIGTERM');
  if (await waitForEnd(folder, graceMs)) return;
  await signalProgram(folder, 'SIGKILL');
  await killStrays(folder);
  while (!(await waitForEnd(folder, 1_000))) {
    if (!(await isSupervised(folder))) return;
    await killStrays(folder);
  }
}

/** Everything of the attempt at once, supervisor and log writer included; nothing will be said about its end. */
export async function killAll(folder: string): Promise<void> {
  const supervisor = await readIdentity(join(folder, PLACES.supervisor));
  if (supervisor !== null) await signalGroup(supervisor, 'SIGKILL');
  await signalProgram(folder, 'SIGKILL');
  await killStrays(folder);
}

/** What left the program's group, found by the one variable that only this attempt has. */
export async function killStrays(folder: string): Promise<void> {
  const supervisor = await readIdentity(join(folder, PLACES.supervisor));
  const strays = await findByEnvironment(
    `BUILDIT_OUTPUT=${listExchangeVariables(folder)['BUILDIT_OUTPUT']}`,
    supervisor,
  );
  for (const pid of strays) sendSignal(pid, 'SIGKILL');
}

async function signalProgram(folder: string, signal: NodeJS.Signals): Promise<void> {
  const deadline = performance.now() + NOTE_MS;
  for (;;) {
    const program = await readIdentity(join(folder, PLACES.program));
    if (program !== null) return signalGroup(program, signal);
    const isOver =
      (await statIfThere(join(folder, PLACES.code))) !== null ||
      (await statIfThere(join(folder, PLACES.exit))) !== null;
    if (isOver || performance.now() > deadline || !(await isSupervised(folder))) return;
    await delay(POLL_MS);
  }
}

async function waitForEnd(folder: string, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    if ((await statIfThere(join(folder, PLACES.exit))) !== null) return true;
    // A forced cancel closes the host meanwhile and takes the folder away: then no grace is left to wait for.
    if ((await statIfThere(folder)) === null) return true;
    if (performance.now() >= deadline) return false;
    await delay(Math.min(POLL_MS, limitMs));
  }
}
