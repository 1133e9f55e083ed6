import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { keepEngineVariables } from './engine-environment.ts';
import { type Environment, findCacheFolder, findDataFolder, nameDataFiles } from './places.ts';
import type { SupervisorOptions } from './supervisor-options.ts';

/** A supervisor that was started; `exit` is its code once it ended (signal: -1), null while it runs. */
export interface StartedSupervisor {
  pid: number;
  exit(): number | null;
}

/** A supervisor that loads its code and touches nothing before it is told what to do. Untold it leaves with us. */
export interface WaitingSupervisor {
  /** Null when it has ended meanwhile. */
  begin(options: SupervisorOptions): StartedSupervisor | null;
  /** It is not needed. */
  dismiss(): void;
}

/**
 * Prepares a supervisor if the engine has run here before and does not run now, as it seems: for a command that will
 * need it once it has looked at its own input. Null where there is nothing to be gained.
 */
export function prepareSupervisor(environment: Environment): WaitingSupervisor | null {
  const { folder, engine, logs } = nameDataFiles(findDataFolder(environment));
  if (existsSync(engine) || !existsSync(logs)) return null;
  try {
    return spawnSupervisor(realpathSync(folder), environment);
  } catch {
    // Whatever is in its way (a full disk, rights) is told by the start itself.
    return null;
  }
}

/**
 * Starts a supervisor in a session of its own: closing the terminal, Ctrl-C or the end of this command do not reach it.
 * When another one has the lock, it waits, and leaves by itself once that one serves.
 */
export function startSupervisor(options: SupervisorOptions, environment: Environment): StartedSupervisor {
  const started = spawnSupervisor(options.dataFolder, environment).begin(options);
  if (started === null) throw new Error('the supervisor has ended before it was told what to do');
  return started;
}

function spawnSupervisor(dataFolder: string, environment: Environment): WaitingSupervisor {
  const files = nameDataFiles(dataFolder);
  mkdirSync(files.logs, { recursive: true, mode: 0o700 });
  const output = openSync(join(files.logs, 'supervisor.log'), 'a', 0o600);
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'main.ts'), dataFolder],
    {
      cwd: '/',
      detached: true,
      stdio: ['pipe', output, output],
      env: {
        ...keepEngineVariables(environment),
        NODE_COMPILE_CACHE: join(findCacheFolder(environment), 'compile'),
        BUILDIT_DATA: dataFolder,
      },
    },
  );
  closeSync(output);
  let exit: number | null = null;
  child.once('exit', (code) => (exit = code ?? -1));
  child.once('error', () => (exit = -1));
  // Of one that ended before it read what it is to do; its end is seen by the above.
  child.stdin?.on('error', () => undefined);
  child.unref();
  return {
    dismiss: () => void child.stdin?.end(),
    begin(options) {
      if (exit !== null) return null;
      child.stdin?.end(JSON.stringify(options));
      return { pid: child.pid ?? -1, exit: () => exit };
    },
  };
}
