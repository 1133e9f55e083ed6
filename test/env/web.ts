import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const PROGRAM = resolve(import.meta.dirname, '../../web/build/main.ts');

/** Builds the web interface when it is not that of the present sources; of several that need it, one does. */
export async function buildWeb(): Promise<void> {
  await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM]);
}
