import { posix } from 'node:path';
import type Docker from 'dockerode';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { listExchangeVariables } from '../exchange.ts';
import type { AttemptSpec } from '../port.ts';
import { listSecretFileVariables, SECRET_FOLDER, SECRET_FOLDER_OPTIONS } from '../secret-files.ts';
import type { Box } from './box.ts';
import type { CacheMounts } from './cache-mounts.ts';
import { labelImage } from './image-label.ts';
import type { ImageFacts } from './image.ts';
import {
  attemptNetworkName,
  boxName,
  CACHES_LABEL,
  FOLDER_LABEL,
  HOME_LABEL,
  INSTANCE_LABEL,
  RUN_LABEL,
  SOURCE_TREE,
  STAGE_EXCHANGE,
  STAGE_FOLDER,
  STAGE_LABEL,
  WORKSPACE,
} from './names.ts';
import { COPY, EXCHANGE, SCRIPTS, UPPER, WORK } from './prepare.ts';

/** How a stage gets its own tree: over the shared one, as a copy of it, or the user's folder itself. */
export type WorkspaceKind = 'overlay' | 'copy' | 'in-place';

export interface ContainerPlace {
  instance: string;
  workspace: WorkspaceKind;
  /** Of the attempt, below the run's volume. */
  folder: string;
  caches: CacheMounts;
}

/**
 * What stages keep of Docker's default capabilities: enough to install packages and drop to another user, without raw
 * sockets, device nodes and file capabilities (reliability.md EXE8).
 */
export const CAPABILITIES = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETGID',
  'SETUID',
  'SYS_CHROOT',
];
/**
 * Kept by the daemon only to catch up after a crash of ours. The size is no limit in practice: a rotated log could not
 * be joined to what we have.
 */
export const ENGINE_LOG = { Type: 'local', Config: { 'max-size': '1024g', 'max-file': '2', compress: 'false' } };

/** The container of an attempt as structured values (EXE1): environment byte-equal, nothing passes through a shell. */
export function describeContainer(
  spec: AttemptSpec,
  box: Box,
  options: ContainerPlace & { image: string; facts: Pick<ImageFacts, 'id' | 'digest'> },
): Docker.ContainerCreateOptions {
  const { resources } = spec;
  const folder = `${box.runMountpoint}/${options.folder}`;
  return {
    name: spec.name,
    Image: options.image,
    Entrypoint: ['/bin/sh'],
    Cmd: [`${STAGE_FOLDER}/run`, findWorkdir(spec.workdir)],
    WorkingDir: '/',
    Env: Object.entries({
      ...spec.env,
      BUILDIT_WORKSPACE: WORKSPACE,
      ...listExchangeVariables(STAGE_EXCHANGE),
      // For Docker's init: signals go to the whole process group. The wrapper takes it out again.
      TINI_KILL_PROCESS_GROUP: '1',
      ...listSecretFileVariables(spec.secretFiles),
    }).map(([name, value]) => `${name}=${value}`),
    ...(spec.user === null ? {} : { User: spec.user }),
    // In the box's network it is the box's.
    ...(spec.services.length === 0 ? {} : { Hostname: 'buildit' }),
    StopSignal: 'SIGTERM',
    Healthcheck: { Test: ['NONE'] },
    Labels: {
      [INSTANCE_LABEL]: options.instance,
      [RUN_LABEL]: spec.runId,
      [STAGE_LABEL]: spec.stage,
      [FOLDER_LABEL]: options.folder,
      ...labelImage(options.facts),
      ...(options.caches.trees.length === 0 ? {} : { [CACHES_LABEL]: options.caches.trees.join(' ') }),
      ...(options.caches.home === null ? {} : { [HOME_LABEL]: options.caches.home }),
    },
    HostConfig: {
      Init: true,
      ...describeNetwork(spec),
      ...(spec.secretFiles.length === 0 ? {} : { Tmpfs: { [SECRET_FOLDER]: SECRET_FOLDER_OPTIONS } }),
      LogConfig: ENGINE_LOG,
      CapDrop: ['ALL'],
      CapAdd: CAPABILITIES,
      SecurityOpt: ['no-new-privileges'],
      ...(resources.cpu === null ? {} : { NanoCpus: Math.round(resources.cpu * 1e9) }),
      // Without swap: a limit is a limit, and out of memory is reported as such.
      ...(resources.memory === null ? {} : { Memory: resources.memory, MemorySwap: resources.memory }),
      ...(resources.pids === null ? {} : { PidsLimit: resources.pids }),
      ...(resources.disk === null ? {} : { StorageOpt: { size: String(resources.disk) } }),
      Mounts: [
        describeWorkspace(spec, box, options),
        ...options.caches.mounts,
        { Type: 'bind', Source: `${folder}/${SCRIPTS}`, Target: STAGE_FOLDER, ReadOnly: true },
        { Type: 'bind', Source: `${folder}/${EXCHANGE}`, Target: STAGE_EXCHANGE },
      ],
    },
  };
}

/** The box's, which is half the time of a start; a stage with services has one of its own, where their names mean them. */
function describeNetwork({ name, runId, services }: Pick<AttemptSpec, 'name' | 'runId' | 'services'>) {
  return { NetworkMode: services.length === 0 ? `container:${boxName(runId)}` : attemptNetworkName(name) };
}

function describeWorkspace(
  { runId, source }: Pick<AttemptSpec, 'runId' | 'source'>,
  box: Box,
  options: ContainerPlace,
): Docker.MountSettings {
  const folder = `${box.runMountpoint}/${options.folder}`;
  switch (options.workspace) {
    case 'in-place':
      if (source.kind !== 'in-place') throw new Error('an in-place workspace needs an in-place source');
      return { Type: 'bind', Source: source.folder, Target: WORKSPACE };
    case 'copy':
      return { Type: 'bind', Source: `${folder}/${COPY}`, Target: WORKSPACE };
    case 'overlay': {
      if (box.sourceMountpoint === null) throw new Error('an overlay needs a source volume');
      const lower = `${box.sourceMountpoint}/${SOURCE_TREE}`;
      return {
        Type: 'volume',
        // A name of its own for each folder: an overlay belongs to its upper directory.
        Source: options.folder.replace('stages/', ''),
        Target: WORKSPACE,
        VolumeOptions: {
          NoCopy: true,
          Labels: { [INSTANCE_LABEL]: options.instance, [RUN_LABEL]: runId },
          DriverConfig: {
            Name: 'local',
            Options: {
              type: 'overlay',
              device: 'overlay',
              o: `lowerdir=${lower},upperdir=${folder}/${UPPER},workdir=${folder}/${WORK}`,
            },
          },
        },
      };
    }
    default:
      return options.workspace satisfies never;
  }
}

/** Relative to the workspace; an absolute path is one of the container's own. */
function findWorkdir(workdir: string | null): string {
  const path = posix.resolve(WORKSPACE, workdir ?? '.');
  if (!/^\/(proc|sys|dev)(\/|$)/.test(path)) return path;
  throw new FaultError({
    code: 'workdir-refused',
    message: `workdir "${workdir}" is a folder of the kernel's`,
    retry: NO_RETRY,
  });
}
