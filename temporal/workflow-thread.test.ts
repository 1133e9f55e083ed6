import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

it('the threads of a worker keep no stacks of promises, the worker itself is as ever', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-thread-'));
  const program = join(folder, 'program.cjs');
  writeFileSync(program, PROGRAM);
  const flags = listNodeFlags('worker', fileURLToPath(new URL('main.ts', import.meta.url)));
  const said = execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual({ isThere: true, inThread: false });
  rmSync(folder, { recursive: true });
});
