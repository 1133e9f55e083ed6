import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReachPoint } from '#core/crash-point.ts';
import { FaultError, NO_RETRY, toFault } from '#core/fault.ts';
import { type ControlRequest, nameControlSocket } from './control-message.ts';
import { serveControl } from './control-server.ts';
import { removeServerVariables } from './engine-environment.ts';
import type { StopReason } from './engine-state.ts';
import { watchFolder } from './folder-watch.ts';
import { replaceGeneration, startGeneration } from './generation-keeper.ts';
import { type Activity, combineActivities, type IdleWatch, NO_ACTIVITY, noteActivity, watchIdle } from './idle.ts';
import { type Keeper, type KeeperEvents, keepRunning } from './keep-running.ts';
import { type ChildRecord, endLeftovers, expectChildren, recordChildren } from './leftovers.ts';
import { startNodePart } from './node-part.ts';
import { type EngineEnd, openNoticeBoard, type RunningEngine } from './notice-board.ts';
import type { Part } from './part.ts';
import { type Environment, findCacheFolder, nameDataFiles } from './places.ts';
import { readIfPresent, removeIfPresent, writePrivateFile } from './private-file.ts';
import { openRotatingLog } from './rotating-log.ts';
import { makePrivateFolder } from './runtime-folder.ts';
import { nameRuntimePlaces } from './runtime-places.ts';
import {
  markServers,
  planPostgres,
  type PreparedServer,
  preparePostgres,
  prepareTemporal,
  unpinTemporal,
} from './server-keepers.ts';
import { createStepBack } from './step-back.ts';
import type { Generation, SupervisorOptions } from './supervisor-options.ts';

/** A supervisor at work. */
export interface Supervisor {
  /** Resolves when everything it started has ended and is written down. Never rejects. */
  ended: Promise<EngineEnd>;
  stop(why: StopReason): void;
}

/** Worker or API that do not serve by then are ended and started again. */
const NODE_READY_WITHIN_MS = 60_000;
/** How long a stop waits for a start that is still preparing. */
const PREPARING_MS = 5_000;
const FOLDER_LOOK_MS = 2_000;
/** A port that closes gives its connections one second. */
const UNUSED_WITHIN_MS = 3_000;

/**
 * Runs the engine of a data folder until it is stopped, idle, or gives up. The caller holds the folder's lock and keeps
 * it until `ended`.
 */
export function superviseEngine(options: SupervisorOptions, environment: Environment, reach: ReachPoint): Supervisor {
  const files = nameDataFiles(options.dataFolder);
  const runtime = nameRuntimePlaces(options.dataFolder, environment);
  const ending = Promise.withResolvers<EngineEnd>();
  const log = openRotatingLog(join(files.logs, 'supervisor.log'));
  const say = (line: string): void => log.write(`${new Date().toISOString()} ${line}\n`);
  const openLog = (role: string): ReturnType<typeof openRotatingLog> =>
    openRotatingLog(join(files.logs, `${role}.log`));
  const nodeLogs = { worker: openLog('worker'), api: openLog('api') };
  const children = addSpawnPoint(recordChildren(files.children), reach);

  /** What each worker and API that lives said last. */
  const activities = new Map<symbol, Activity>();
  let engine: RunningEngine | null = null;
  let servers: { temporal: PreparedServer; postgres: PreparedServer } | null = null;
  /** A generation that is being tried: its failure is the asking command's, not the engine's. */
  let trial: Generation | null = null;
  let replacing: Promise<void> = Promise.resolve();
  /** Of worker and API, once a server has said what it wants; until then they have ours. */
  let variables: Environment | null = null;

  const token = randomBytes(32).toString('hex');
  const instanceId = readIfPresent(files.instance)?.trim() || randomUUID();
  const board = openNoticeBoard({
    files,
    socket: runtime.socket,
    token,
    instanceId,
    postgresUrl: () => servers?.postgres.address ?? '',
    port: () => combineActivities(activities.values()).port,
    startedAt: new Date().toISOString(),
    isFolderOurs: () => folder.isOurs(),
    say,
  });
  const stepBack = createStepBack(say);
  const refresh = (): void => {
    if (!engine) return;
    board.refresh(engine);
    // Whoever serves people answers them first, also while many runs wait for their turn.
    if (combineActivities(activities.values()).port !== null) stepBack([engine.temporal, engine.worker]);
  };
  const events: KeeperEvents = {
    onChange: refresh,
    onReady: (role) => say(`${role} serves`),
    onDeath: (role, how) => say(`${role} ended: ${how}`),
    onGiveUp: (fault) => ending.resolve({ kind: 'failed', fault }),
  };
  const folder = watchFolder(files.lock, FOLDER_LOOK_MS, () => ending.resolve({ kind: 'stopped', why: 'folder-gone' }));
  let isEnding = false;
  let idle: IdleWatch | null = null;

  function keepNodePart(role: 'worker' | 'api', generation: Generation): Keeper {
    const launch = async (): Promise<Part> => {
      const speaker = Symbol(role);
      const part = startNodePart({
        role,
        generation,
        environment: {
          NODE_COMPILE_CACHE: join(findCacheFolder(environment), 'compile'),
          ...(variables === null ? environment : { ...removeServerVariables(environment), ...variables }),
        },
        engine: {
          BUILDIT_DATA: options.dataFolder,
          BUILDIT_INSTANCE: instanceId,
          BUILDIT_SOCKET: runtime.socket,
          BUILDIT_TOKEN_FILE: files.token,
          BUILDIT_CONTENT_VERSION: generation.contentVersion,
          DATABASE_URL: servers?.postgres.address ?? '',
          TEMPORAL_ADDRESS: servers?.temporal.address ?? '',
          TEMPORAL_NAMESPACE: instanceId,
        },
        log: nodeLogs[role],
        onMessage: (message) => {
          const before = activities.get(speaker) ?? NO_ACTIVITY;
          const after = noteActivity(before, message);
          activities.set(speaker, after);
          idle?.touch();
          if (after.port !== before.port) refresh();
        },
        onSpawn: (identity) => children.add({ ...identity, role }),
        readyWithinMs: NODE_READY_WITHIN_MS,
      });
      void part.exited.then(() => activities.delete(speaker));
      return part;
    };
    const isTrial = (): boolean => trial === generation;
    return keepRunning(
      role,
      launch,
      { ...events, onGiveUp: (fault) => (isTrial() ? say(`refused: ${fault.message}`) : events.onGiveUp(fault)) },
      options.deathLimit,
    );
  }

  async function start(): Promise<void> {
    say(`starting, ${Math.round(performance.now())} ms after this process`);
    board.tellStep('starting');
    makePrivateFolder(runtime.folder);
    writePrivateFile(files.token, token);
    writePrivateFile(files.instance, `${instanceId}\n`);
    const context = {
      files,
      runtime,
      environment,
      cacheFolder: findCacheFolder(environment),
      namespace: instanceId,
      children,
      events,
      deathLimit: options.deathLimit,
      openLog,
      onProgress: (line: string) => {
        say(line);
        board.tellStep(line);
      },
    };
    const preparingPostgres = planPostgres(files, runtime, environment).then(async (plan) => {
      const ended = await endLeftovers(files.children, markServers(files, plan.dataFolder));
      for (const child of ended) say(`ended ${child.role} ${child.pid}, left behind by an engine that was killed`);
      expectChildren(files.children);
      return preparePostgres(context, plan);
    });
    const [temporal, postgres] = await Promise.all([
      prepareTemporal(context),
      preparingPostgres,
      serveControl(nameControlSocket(runtime.socket), token, answer),
    ]);
    if (isEnding) return;
    say('prepared');
    servers = { temporal, postgres };
    engine = {
      temporal: temporal.keep(),
      postgres: postgres.keep(),
      ...startGeneration(options.generation, keepNodePart),
    };
    // Both, since the API may connect to Postgres an instant before we see that it is ready.
    await Promise.all([engine.api.firstReady, engine.postgres.firstReady]);
    reach('engine-before-open');
    board.open(engine);
    idle = watchIdle(
      options.idleAfterMs,
      () => combineActivities(activities.values()),
      () => ending.resolve({ kind: 'stopped', why: 'idle' }),
    );
    say(`serving version ${options.generation.version} (${options.generation.contentVersion.slice(0, 12)})`);
  }

  async function answer(request: ControlRequest): Promise<void> {
    switch (request.kind) {
      case 'ping':
        return;
      case 'stop':
        ending.resolve({ kind: 'stopped', why: 'asked' });
        await partsEnded.promise;
        return;
      case 'release':
        await waitUntilUnused();
        ending.resolve({ kind: 'stopped', why: 'asked' });
        await partsEnded.promise;
        return;
      case 'configure':
        replacing = replacing.catch(() => undefined).then(() => configure(request.variables));
        return replacing;
      case 'replace':
        replacing = replacing.catch(() => undefined).then(() => replace(request.generation));
        return replacing;
      default:
        request satisfies never;
    }
  }

  async function replace(next: Generation): Promise<void> {
    if (engine === null || engine.generation.contentVersion === next.contentVersion) return;
    say(`replacing worker and API by version ${next.version} (${next.contentVersion.slice(0, 12)})`);
    await renew(next);
  }

  /** Another command's settings hold until somebody else says otherwise; a refused change leaves what was. */
  async function configure(wanted: Environment): Promise<void> {
    if (engine === null) return;
    const before = variables;
    variables = wanted;
    say('replacing worker and API by such with other settings');
    try {
      await renew({ ...engine.generation });
    } catch (error) {
      variables = before;
      throw error;
    }
  }

  async function renew(next: Generation): Promise<void> {
    if (engine === null) return;
    trial = next;
    try {
      const { temporal, postgres } = engine;
      engine = { temporal, postgres, ...(await replaceGeneration(engine, next, keepNodePart)) };
    } finally {
      trial = null;
      idle?.touch();
      refresh();
    }
  }

  /** Whoever asks has just closed its own connections: what the API says of them is on its way. */
  async function waitUntilUnused(): Promise<void> {
    const until = performance.now() + UNUSED_WITHIN_MS;
    for (;;) {
      const { clients, port } = combineActivities(activities.values());
      if (clients === 0 && port === null) return;
      if (performance.now() > until) throw inUseFault(clients);
      await pause(25);
    }
  }

  /** Only while the folder is ours: by the same names another engine may run by now. */
  function removeTraces(end: EngineEnd): void {
    children.clear();
    removeIfPresent(runtime.socket);
    removeIfPresent(nameControlSocket(runtime.socket));
    rmSync(runtime.postgres, { recursive: true, force: true });
    try {
      board.tellEnd(end, engine?.generation.contentVersion ?? options.generation.contentVersion);
    } catch (error) {
      say(`the end could not be written down: ${String(error)}`);
    }
  }

  const partsEnded = Promise.withResolvers<void>();
  async function endParts(end: EngineEnd): Promise<void> {
    if (folder.isOurs()) board.close();
    idle?.stop();
    if (combineActivities(activities.values()).openRuns === 0) unpinTemporal(files);
    await replacing.catch(() => undefined);
    await Promise.all([engine?.api.stop(), engine?.worker.stop()]);
    await Promise.all([engine?.temporal.stop(), engine?.postgres.stop()]);
    if (folder.isOurs()) removeTraces(end);
    folder.stop();
    say(end.kind === 'stopped' ? `stopped: ${end.why}` : `failed: ${end.fault.code}: ${end.fault.message}`);
    partsEnded.resolve();
  }

  const starting = start().catch((error: unknown) => ending.resolve({ kind: 'failed', fault: toFault(error) }));
  const ended = ending.promise.then(async (end) => {
    isEnding = true;
    // A start that still prepares has nothing to end yet and starts nothing any more; a database half made is finished.
    if (engine === null) await Promise.race([starting, pause(PREPARING_MS)]);
    await endParts(end);
    return end;
  });
  return { ended, stop: (why) => ending.resolve({ kind: 'stopped', why }) };
}

/** Written down, and not yet used. */
function addSpawnPoint(children: ChildRecord, reach: ReachPoint): ChildRecord {
  return {
    ...children,
    add(child) {
      children.add(child);
      reach('engine-part-spawned');
    },
  };
}

function inUseFault(clients: number): FaultError {
  return new FaultError({
    code: 'engine-in-use',
    message: 'The engine goes on: somebody is connected to it',
    cause: `${clients} connection${clients === 1 ? '' : 's'}`,
    fix: 'end it all the same with "buildit engine stop"',
    retry: NO_RETRY,
  });
}
