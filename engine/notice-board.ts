import type { EngineFile, EngineProcess } from '#core/engine-file.ts';
import type { Fault } from '#core/fault.ts';
import { writeEngineFile } from './engine-file.ts';
import { type EngineState, type StopReason, writeEngineState } from './engine-state.ts';
import type { Keeper } from './keep-running.ts';
import type { DataFiles } from './places.ts';
import { removeIfPresent } from './private-file.ts';
import type { Generation } from './supervisor-options.ts';

/** How an engine ended. */
export type EngineEnd = { kind: 'stopped'; why: StopReason } | { kind: 'failed'; fault: Fault };

/** What of a running engine is told to commands. */
export interface RunningEngine {
  generation: Generation;
  temporal: Keeper;
  postgres: Keeper;
  worker: Keeper;
  api: Keeper;
}

/** What one engine tells commands by files: where it stands, and once the API serves, how to reach it. */
export interface NoticeBoard {
  tellStep(step: string): void;
  /** Writes `engine.json` anew; before {@link NoticeBoard.open} and after `close` it does nothing. */
  refresh(engine: RunningEngine): void;
  open(engine: RunningEngine): void;
  /** Takes `engine.json` away first: from here on a command starts another engine instead of finding this one leaving. */
  close(): void;
  tellEnd(end: EngineEnd, contentVersion: string): void;
}

/** What stays the same as long as the engine runs. */
export interface NoticeFacts {
  files: DataFiles;
  socket: string;
  token: string;
  instanceId: string;
  postgresUrl: () => string;
  /** How people reach the open port; null while none is open. */
  port: () => string | null;
  startedAt: string;
  /** Whether the data folder is still there; into a later one of that name nothing is written. */
  isFolderOurs: () => boolean;
  say: (line: string) => void;
}

/** Makes the board of the supervisor that holds the lock. */
export function openNoticeBoard(facts: NoticeFacts): NoticeBoard {
  let isOpen = false;
  const tell = (state: EngineState): void => writeEngineState(facts.files.state, state);
  const now = (): { pid: number; at: string } => ({ pid: process.pid, at: new Date().toISOString() });
  const write = (engine: RunningEngine): void => writeEngineFile(facts.files.engine, describeEngine(facts, engine));
  return {
    refresh(engine) {
      if (!isOpen || !facts.isFolderOurs()) return;
      try {
        write(engine);
      } catch (error) {
        // A full disk: what commands need (socket, token) stands there since `open`.
        facts.say(`engine.json could not be renewed: ${String(error)}`);
      }
    },
    tellStep: (step) => tell({ kind: 'starting', ...now(), step }),
    open(engine) {
      write(engine);
      isOpen = true;
      tell({ kind: 'ready', ...now() });
    },
    close() {
      isOpen = false;
      removeIfPresent(facts.files.engine);
    },
    tellEnd(end, contentVersion) {
      if (end.kind === 'stopped') return tell({ ...end, ...now() });
      const isLasting = end.fault.code === 'engine-gave-up';
      tell(
        isLasting
          ? { kind: 'gave-up', ...now(), contentVersion, fault: end.fault }
          : { kind: 'failed', ...now(), fault: end.fault },
      );
    },
  };
}

function describeEngine(facts: NoticeFacts, engine: RunningEngine): EngineFile {
  const temporal = engine.temporal.current();
  const postgres = engine.postgres.current();
  const { version, contentVersion } = engine.generation;
  const supervisor: EngineProcess = { role: 'supervisor', pid: process.pid, address: '', version };
  return {
    pid: process.pid,
    startedAt: facts.startedAt,
    socket: facts.socket,
    token: facts.token,
    contentVersion,
    version,
    instanceId: facts.instanceId,
    temporal: {
      address: temporal?.address ?? '',
      namespace: facts.instanceId,
      version: temporal?.version ?? '',
      pid: temporal?.identity.pid ?? 0,
    },
    postgres: { url: facts.postgresUrl(), version: postgres?.version ?? '', pid: postgres?.identity.pid ?? 0 },
    port: facts.port(),
    processes: [supervisor, ...[engine.temporal, engine.postgres, engine.worker, engine.api].flatMap(describeProcess)],
  };
}

/** A role between death and restart has no process to show. */
function describeProcess(keeper: Keeper): EngineProcess[] {
  const part = keeper.current();
  return part === null
    ? []
    : [{ role: part.role, pid: part.identity.pid, address: part.address, version: part.version }];
}
