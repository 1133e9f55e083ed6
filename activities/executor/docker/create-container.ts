import type Docker from 'dockerode';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { AttemptSpec } from '../port.ts';
import { findHome, mountCaches } from './cache-mounts.ts';
import { describeContainer, type WorkspaceKind } from './container-options.ts';
import { explain, statusOf } from './daemon-fault.ts';
import type { DockerSettings } from './executor.ts';
import { ensureImage, forgetImage } from './image.ts';
import { orAbort } from './or-abort.ts';
import { COPY, copySource, unpackInput, UPPER } from './prepare.ts';
import { isBoxMissing } from './refusal.ts';
import { runOnFolder, TARGET } from './run-on-folder.ts';
import type { DockerRuns } from './runs.ts';

/**
 * Everything an attempt's container needs, then the container itself; it is not started. Null if
 * another worker was faster: theirs has the name. An abort ends every wait here; what others wait for too goes on.
 */
export async function createContainer(
  settings: DockerSettings,
  runs: DockerRuns,
  spec: AttemptSpec,
  signal: AbortSignal | undefined,
): Promise<Docker.Container | null> {
  const { docker, instance } = settings;
  if (spec.image === null) {
    throw new FaultError({ code: 'image-absent', message: `Stage "${spec.stage}" has no image`, retry: NO_RETRY });
  }
  const wish = { ...spec.image, platform: spec.platform };
  const [facts, { box, folder }] = await Promise.all([
    ensureImage(docker, wish, signal, spec.onPull),
    orAbort(runs.prepare(spec.runId, spec.source, spec), signal),
  ]);
  const workspace = chooseWorkspace(spec, runs, facts.user);
  const isRootUser = isRoot(spec.user ?? facts.user);
  if (workspace === 'copy') await copySource(docker, spec.runId, folder, !isRootUser);
  const site = { box, folder, workspace, isRoot: isRootUser, hasOverlay: runs.overlay.works };
  const home = findHome(spec.env, facts.home, isRootUser);
  const caches = await orAbort(mountCaches(settings, runs.trees, spec, { ...site, home }), signal);
  for (const [index, open] of spec.inputs.entries()) {
    // Links of one tree lead out of nothing by themselves; of several, or of a copy, one may lead through another.
    const isAlone = index === 0 && workspace !== 'copy' && !caches.inWorkspace;
    const target = `${folder}/${workspace === 'copy' ? COPY : UPPER}`;
    if (isAlone) await unpackInput(docker, spec.runId, target, open());
    else await runOnFolder(settings, box, target, `tar -x -C ${TARGET}`, [], open());
  }
  signal?.throwIfAborted();
  // Where a platform is wanted the reference may mean another one's image by now.
  const image = spec.platform === null ? spec.image.ref : facts.id;
  const options = describeContainer(spec, box, { instance, image, facts, workspace, folder, caches });
  try {
    return await docker.createContainer(options);
  } catch (error) {
    if (statusOf(error) === 409 && /is already in use/i.test(explain(error))) return null;
    if (statusOf(error) === 404 && /no such image/i.test(explain(error))) {
      forgetImage(docker, wish);
      const found = await ensureImage(docker, wish, signal, spec.onPull);
      return docker.createContainer({ ...options, Image: spec.platform === null ? spec.image.ref : found.id });
    }
    if (!isBoxMissing(explain(error))) throw describeUnsupported(error, spec);
    runs.doubt(spec.runId);
    await orAbort(runs.reach(spec.runId), signal);
    return docker.createContainer(options);
  }
}

/**
 * An overlay shows the source tree as its owner root; another user could not write there, so they get a copy that is
 * open to all.
 */
function chooseWorkspace(spec: AttemptSpec, runs: DockerRuns, imageUser: string): WorkspaceKind {
  if (spec.source.kind === 'in-place') return 'in-place';
  return runs.overlay.works && isRoot(spec.user ?? imageUser) ? 'overlay' : 'copy';
}

function isRoot(user: string): boolean {
  return ['', '0', 'root'].includes(user.split(':')[0] ?? '');
}

/** Limits that this daemon cannot enforce are refused, never dropped. */
function describeUnsupported(error: unknown, spec: AttemptSpec): unknown {
  if (spec.resources.disk === null || !/storage-opt|pquota|--storage/i.test(explain(error))) return error;
  return new FaultError({
    code: 'resource-unsupported',
    message: `This Docker host cannot limit the disk of a stage ("${spec.stage}")`,
    cause: explain(error),
    fix: 'remove resources disk=…, or move the Docker data to xfs with pquota',
    retry: NO_RETRY,
  });
}
