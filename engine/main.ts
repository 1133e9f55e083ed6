/**
 * Entry of the supervisor: one process a data folder, started by the first command that needs an engine
 * (`start-supervisor.ts`) in a session of its own. What it is to do comes by its input: a command may start it a moment
 * before it knows, and one that ends without a word takes it along.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { armCrash } from '#config/system/arm-crash.ts';
import { loadCrashSettings } from '#config/system/load.ts';
import { canConnect } from './connect.ts';
import { readEngineFile } from './engine-file.ts';
import { type EngineLock, takeEngineLock } from './lock.ts';
import { nameDataFiles } from './places.ts';
import { removeIfPresent } from './private-file.ts';
import { parseSupervisorOptions } from './supervisor-options.ts';
import { superviseEngine } from './supervisor.ts';

const STDIN = 0;
const told = readFileSync(STDIN, 'utf8');
if (told === '') process.exit(0);
const options = parseSupervisorOptions(told);
const files = nameDataFiles(options.dataFolder);
const reach = armCrash(loadCrashSettings(process.env));
const lock = await waitForLock();
if (lock !== null) {
  reach('engine-locked');
  // Of an engine that was killed; whoever read it until now could not connect.
  removeIfPresent(files.engine);
  const supervisor = superviseEngine(options, process.env, reach);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => supervisor.stop('signal'));
  process.on('SIGHUP', () => undefined);
  const end = await supervisor.ended;
  lock.release();
  process.exit(end.kind === 'failed' ? 3 : 0);
}

/** The lock, or null when the engine that has it serves. One that is starting or leaving is waited for. */
async function waitForLock(): Promise<EngineLock | null> {
  for (;;) {
    const taken = takeEngineLock(files.lock);
    if (taken !== null) return taken;
    const running = readEngineFile(files.engine);
    if (running !== null && (await canConnect(running.socket))) return null;
    await pause(25);
  }
}
