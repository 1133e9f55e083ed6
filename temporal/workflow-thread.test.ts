import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { listNodeFlags } from '#engine/node-flags.ts';

/** Prints whether V8's hook is to be had in the process and in a thread of it. */
const PROGRAM = `
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
let isThere = true;
try { require('node:v8').promiseHooks.createHook({ init() {} }); } catch { isThere = false; }
if (!isMainThread) parentPort.postMessage(isThere);
else new Worker(__filename).once('message', (inThread) => console.log(JSON.stringify({ isThere, inThread })));
`;

/** Of each call into a context, as the SDK makes it: whether it is ended when it takes longer than it may. */
const CALLS = `
const vm = require('node:vm');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const holder = {};
const isWatched = (call, waiting = 0) => {
  const context = vm.createContext({
    __temporal_args: [holder, call, []],
    __TEMPORAL_BAG_HOLDER__: holder,
    __TEMPORAL_ACTIVATOR__: { blockedConditions: new Map(Array.from({ length: waiting }, (_, key) => [key, {}])) },
  });
  try {
    new vm.Script('for (const until = Date.now() + 200; Date.now() < until;);').runInContext(context, { timeout: 20 });
    return false;
  } catch (error) {
    return error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
  }
};
if (isMainThread) new Worker(__filename).once('message', (said) => console.log(JSON.stringify(said)));
else parentPort.postMessage({
  ofWorkflows: [isWatched('activate'), isWatched('initRuntime'), isWatched('tryUnblockConditions', 1)],
  ofTheSdk: [isWatched('concludeActivation'), isWatched('dispose'), isWatched('tryUnblockConditions')],
});
`;

it('the threads of a worker keep no stacks of promises, the worker itself is as ever', () => {
  expect(runAsWorker(PROGRAM)).toEqual({ isThere: true, inThread: false });
});

it('a call that may run code of a workflow is ended in time, one of the SDK alone is not watched', () => {
  const watched = [true, true, true];
  expect(runAsWorker(CALLS)).toEqual({ ofWorkflows: watched, ofTheSdk: watched.map(() => false) });
});

it('the SDK calls into a context as it is taken to', () => {
  const file = createRequire(import.meta.resolve('@temporalio/worker')).resolve('./workflow/reusable-vm.js');
  const source = readFileSync(file, 'utf8');
  expect(source).toContain('context.__temporal_args = [holder, fn, args]');
  expect(source).toContain('globalThis.__TEMPORAL_BAG_HOLDER__ = holder');
});

/** What a program says that is started with the worker's flags. */
function runAsWorker(text: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-thread-'));
  const program = join(folder, 'program.cjs');
  writeFileSync(program, text);
  const flags = listNodeFlags('worker', fileURLToPath(new URL('main.ts', import.meta.url)));
  const said = execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return JSON.parse(said);
}
