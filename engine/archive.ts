import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { EngineFile } from '#core/engine-file.ts';
import { type Fault, FaultError, NO_RETRY } from '#core/fault.ts';
import { stopEngine } from './engine-control.ts';
import { ensureEngine } from './ensure.ts';
import { HOME, isExternal, prepareExternal } from './external/environment.ts';
import { type Environment, findDataFolder, makeDataFolder, nameDataFiles } from './places.ts';

export interface ArchiveOptions {
  /** Variables of the command: they say which installation is meant. */
  environment: Environment;
  onProgress: (line: string) => void;
}

/**
 * Writes an archive of the installation, or makes a new installation of one: in a process of its own, beside the engine
 * or the servers that the environment names. After a restore the engine stops, so that the next command finds the new
 * data. `Summary` is what backup/main.ts prints. Throws its faults, those of the engine, `servers-incomplete`.
 */
export async function runArchive<Summary>(
  action: 'backup' | 'restore',
  file: string,
  options: ArchiveOptions,
): Promise<Summary> {
  const { environment, onProgress } = options;
  if (isExternal(environment)) {
    const prepared = await prepareExternal({
      ...{ environment, listen: null, publicUrl: null, insecureHttp: false, queues: [] },
    });
    return runProcess<Summary>(action, file, prepared);
  }
  const { file: engine } = await ensureEngine({ environment, onProgress });
  const summary = await runProcess<Summary>(action, file, describeEngine(engine, environment));
  if (action === 'restore') await stopEngine({ environment });
  return summary;
}

/** What the supervisor gives to worker and API. */
function describeEngine(engine: EngineFile, environment: Environment): Environment {
  const dataFolder = makeDataFolder(findDataFolder(environment));
  return {
    ...environment,
    BUILDIT_DATA: dataFolder,
    BUILDIT_INSTANCE: engine.instanceId,
    BUILDIT_SOCKET: engine.socket,
    BUILDIT_TOKEN_FILE: nameDataFiles(dataFolder).token,
    BUILDIT_CONTENT_VERSION: engine.contentVersion,
    DATABASE_URL: engine.postgres.url,
    TEMPORAL_ADDRESS: engine.temporal.address,
    TEMPORAL_NAMESPACE: engine.temporal.namespace,
  };
}

async function runProcess<Summary>(action: string, file: string, environment: Environment): Promise<Summary> {
  const entry = join(HOME, 'backup', 'main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, action, file], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const said = readAnswer<Summary>(stdout);
  if (said !== null && 'summary' in said) return said.summary;
  throw new FaultError(
    said?.fault ?? {
      code: 'internal',
      message: `The ${action} ended without an answer`,
      cause: stderr.trim().split('\n').at(-1) ?? '',
      retry: NO_RETRY,
    },
  );
}

function readAnswer<Summary>(stdout: string): { summary: Summary } | { fault: Fault } | null {
  try {
    return JSON.parse(stdout) as { summary: Summary } | { fault: Fault };
  } catch {
    // It was ended from outside, or broke before it could say how.
    return null;
  }
}
