import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { keepEngineVariables } from './engine-environment.ts';
import { type Environment, findCacheFolder, nameDataFiles } from './places.ts';
import type { SupervisorOptions } from './supervisor-options.ts';

/** A supervisor that was started; `exit` is its code once it ended (signal: -1), null while it runs. */
export interface StartedSupervisor {
  pid: number;
  exit(): number | null;
}

/**
 * Starts a supervisor in a session of its own: closing the terminal, Ctrl-C or the end of this command do not reach it.
 * When another one has the lock, it waits, and leaves by itself once that one serves.
 */
export function startSupervisor(options: SupervisorOptions, environment: Environment): StartedSupervisor {
  const files = nameDataFiles(options.dataFolder);
  mkdirSync(files.logs, { recursive: true, mode: 0o700 });
  const output = openSync(join(files.logs, 'supervisor.log'), 'a', 0o600);
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'main.ts'), JSON.stringify(options)],
    {
      cwd: '/',
      detached: true,
      stdio: ['ignore', output, output],
      env: {
        ...keepEngineVariables(environment),
        NODE_COMPILE_CACHE: join(findCacheFolder(environment), 'compile'),
        BUILDIT_DATA: options.dataFolder,
      },
    },
  );
  closeSync(output);
  let exit: number | null = null;
  child.once('exit', (code) => (exit = code ?? -1));
  child.once('error', () => (exit = -1));
  child.unref();
  return { pid: child.pid ?? -1, exit: () => exit };
}
