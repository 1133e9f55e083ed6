import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineFile } from '#core/engine-file.ts';
import { type Finished, runCommand } from '../harness/command.ts';
import type { Scope } from './scope.ts';

const LAUNCHER = fileURLToPath(new URL('../../buildit', import.meta.url));

/** The command of a user with a data folder of its own; its engine starts with the first run, and never asks a person. */
export interface Engine {
  /** Where its pipeline files lie; no repository. */
  home: string;
  run(...args: string[]): Promise<Finished>;
  write(file: string, text: string): string;
  file(): EngineFile;
  stop(): Promise<void>;
}

/** A run before anything is timed makes the database: no figure of ours. */
export async function openEngine(scope: Scope, name: string): Promise<Engine> {
  const home = join(scope.folder, name);
  mkdirSync(join(home, 'project'), { recursive: true });
  writeFileSync(join(home, 'config'), '');
  const data = join(home, 'data');
  const env = { ...process.env, BUILDIT_DATA: data, BUILDIT_CONFIG: join(home, 'config'), CI: 'true' };
  // A diamond of 5,000 stages takes minutes; what bounds a sample is the workload.
  const run = (...args: string[]) =>
    runCommand(LAUNCHER, args, { cwd: join(home, 'project'), env, limitMs: 1_800_000 });
  const engine: Engine = {
    home: join(home, 'project'),
    run,
    write(file, text) {
      const path = join(home, 'project', file);
      writeFileSync(path, text);
      return path;
    },
    file: () => JSON.parse(readFileSync(join(data, 'engine.json'), 'utf8')) as EngineFile,
    async stop() {
      await run('engine', 'stop');
    },
  };
  scope.defer(() => engine.stop());
  await run('run', engine.write('first.kdl', 'stage "first" { executor "process"; run "true" }\n'));
  return engine;
}
