import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Readiness } from './readiness.ts';

/** Whether a Temporal binary can be had. */
export async function prepareTemporal(): Promise<Readiness> {
  try {
    await promisify(execFile)('temporal', ['--version']);
    return { ready: true };
  } catch (error) {
    return { ready: false, reason: `no Temporal binary (${error instanceof Error ? error.message : String(error)})` };
  }
}
