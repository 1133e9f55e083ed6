/** All we create in Docker is named and labelled after instance, run and attempt: a second worker finds it, the reaper too. */
export { INSTANCE_LABEL } from '#core/instance-label.ts';
export const RUN_LABEL = 'buildit.run';
export const STAGE_LABEL = 'buildit.stage';
/** Folder of the attempt below the run's volume. */
export const FOLDER_LABEL = 'buildit.folder';
/** On what stands beside an attempt: its name. */
export const ATTEMPT_LABEL = 'buildit.attempt';
export const SNAPSHOT_LABEL = 'buildit.snapshot';
/** On a box that was made before its run: the name of the source volume it mounts. */
export const WARM_LABEL = 'buildit.warm';

/** On the container of a stage or a service: id and digest of its image, as they were when it was made (`ID DIGEST`). */
export const IMAGE_LABEL = 'buildit.image';

/** On a stage's container: the unpacked caches that it stands on, and where its home is. */
export const CACHES_LABEL = 'buildit.caches';
export const HOME_LABEL = 'buildit.home';

/** Where things are in the box: the run's volume, the volume of its source, and the unpacked caches of all runs. */
export const RUN_DATA = '/run-data';
export const CACHES_DATA = '/caches';
export const SOURCE_DATA = '/source';
/** Below the source volume, once it is whole. */
export const SOURCE_TREE = 'tree';

/** Inside a stage's container. */
export const WORKSPACE = '/workspace';
export const STAGE_FOLDER = '/buildit';
export const STAGE_EXCHANGE = `${STAGE_FOLDER}/exchange`;

export function boxName(runId: string): string {
  return `bi-${runId}-box`;
}

/** The run whose box has this name; null for another container. */
export function runOfBox(name: string): string | null {
  return /^\/?bi-([0-9a-f-]{36})-box$/.exec(name)?.[1] ?? null;
}

/** Of an attempt with services: nobody else is on it. */
export function attemptNetworkName(attempt: string): string {
  return `${attempt}-net`;
}

export function serviceContainerName(attempt: string, service: string): string {
  return `${attempt}-svc-${service}`;
}

/** A container of ours on the attempt's network, from which services are looked at. */
export function probeName(attempt: string): string {
  return `${attempt}-probe`;
}

/** A box that waits for a run is renamed when it gets one. */
export function warmBoxName(id: string): string {
  return `bi-warm-${id}`;
}

export function runVolumeName(runId: string): string {
  return `bi-${runId}`;
}

export function cachesVolumeName(instance: string): string {
  return `bi-caches-${instance.slice(0, 16)}`;
}

export function sourceVolumeName(instance: string, digest: string): string {
  return `bi-src-${instance.slice(0, 16)}-${digest.slice(0, 32)}`;
}
