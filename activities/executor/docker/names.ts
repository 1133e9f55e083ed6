/** All we create in Docker is named and labelled after instance, run and attempt: a second worker finds it, the reaper too. */
export const INSTANCE_LABEL = 'buildit.instance';
export const RUN_LABEL = 'buildit.run';
export const STAGE_LABEL = 'buildit.stage';
/** Folder of the attempt below the run's volume. */
export const FOLDER_LABEL = 'buildit.folder';
export const SNAPSHOT_LABEL = 'buildit.snapshot';
/** On a box that was made before its run: the name of the source volume it mounts. */
export const WARM_LABEL = 'buildit.warm';

/** Where things are in the box: the run's volume and the volume of its source. */
export const RUN_DATA = '/run-data';
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

/** A box that waits for a run is renamed when it gets one. */
export function warmBoxName(id: string): string {
  return `bi-warm-${id}`;
}

export function runVolumeName(runId: string): string {
  return `bi-${runId}`;
}

export function sourceVolumeName(instance: string, digest: string): string {
  return `bi-src-${instance.slice(0, 16)}-${digest.slice(0, 32)}`;
}
