import { posix } from 'node:path';
import type Docker from 'dockerode';
import { faultOf } from '#core/fault.ts';
import { type CacheTree, nameInTree } from '../caches.ts';
import type { AttemptSpec } from '../port.ts';
import type { Box, BoxSettings } from './box.ts';
import type { CacheTrees } from './cache-trees.ts';
import type { WorkspaceKind } from './container-options.ts';
import { CACHES_DATA, INSTANCE_LABEL, RUN_LABEL, WORKSPACE } from './names.ts';
import { CACHE_PLACE, COPY, UPPER, WORK } from './prepare.ts';
import { runOnFolder, TARGET } from './run-on-folder.ts';

/** How the caches of an attempt come into its container. */
export interface CacheMounts {
  mounts: Docker.MountSettings[];
  /** Whether the workspace holds a copy of one, whose links may lead out of it. */
  inWorkspace: boolean;
  /** Trees below the caches' volume that it stands on. */
  trees: string[];
  /** Home of the stage's user; null when nobody knows it. */
  home: string | null;
}

interface Site {
  box: Box;
  /** Of the attempt, below the run's volume. */
  folder: string;
  workspace: WorkspaceKind;
  isRoot: boolean;
  hasOverlay: boolean;
  home: string | null;
}

/**
 * Puts the caches of an attempt in place: a cached folder as an overlay over its unpacked tree where that can be, else
 * as a copy. A place in the home is a mount also when nothing was found, so that what the stage leaves there can be
 * taken without touching its container (ARCHITECTURE §3.8). An entry that is damaged is told and counts as not found.
 */
export async function mountCaches(
  settings: BoxSettings,
  trees: CacheTrees,
  spec: AttemptSpec,
  site: Site,
): Promise<CacheMounts> {
  const result: CacheMounts = {
    ...{ mounts: [], inWorkspace: false, trees: [] },
    home: spec.caches ? site.home : null,
  };
  let index = 0;
  for (const cache of spec.caches ?? []) {
    const begun = Date.now();
    const tree = await unpack(trees, spec, site, cache);
    for (const path of cache.paths) {
      const place = `${site.folder}/${CACHE_PLACE}${index++}`;
      const mount = await mountPath(settings, spec, site, { cache, path, place, tree });
      if (mount) result.mounts.push(mount);
      else if (tree !== null) result.inWorkspace = true;
    }
    if (tree === null) continue;
    result.trees.push(tree);
    cache.onRestored({ kind: 'restored', ms: Date.now() - begun });
  }
  return result;
}

/** Folder of the entry's tree; null when there is no entry, or none that can be used. */
async function unpack(trees: CacheTrees, spec: AttemptSpec, site: Site, cache: CacheTree): Promise<string | null> {
  if (cache.entry === null) return null;
  const refuse = (cause: string) => {
    cache.onRestored({ kind: 'lost', cause, isDamaged: false });
    return null;
  };
  if (site.workspace === 'in-place' && cache.paths.some((path) => !path.startsWith('~/')))
    return refuse("the stage works in the folder itself, whose files are nobody else's to replace");
  if (site.home === null && cache.paths.some((path) => path.startsWith('~/')))
    return refuse('the home of its user is not known: say it with env "HOME"');
  if (site.box.cachesMountpoint === null) return refuse('the run was begun before it had caches');
  try {
    return await trees.ensure(spec.runId, cache.entry);
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null || fault.retry.kind === 'yes') throw error;
    cache.onRestored({
      kind: 'lost',
      cause: fault.cause ?? fault.message,
      isDamaged: fault.code === 'artifact-corrupt',
    });
    return null;
  }
}

interface PathPlace {
  cache: CacheTree;
  path: string;
  /** Folder for it below the run's volume. */
  place: string;
  tree: string | null;
}

async function mountPath(
  settings: BoxSettings,
  spec: AttemptSpec,
  site: Site,
  { cache, path, place, tree }: PathPlace,
): Promise<Docker.MountSettings | null> {
  const { box } = site;
  const isHome = path.startsWith('~/');
  if (isHome && site.home === null) return null;
  const inTree = nameInTree(path);
  const target = isHome ? posix.join(site.home ?? '/', path.slice(2)) : `${WORKSPACE}/${path}`;
  const on = `${box.runMountpoint}/${place}`;
  const labels = { [INSTANCE_LABEL]: settings.instance, [RUN_LABEL]: spec.runId };
  const isFolder = cache.entry?.folders.includes(inTree) ?? false;
  if (tree !== null && isFolder && site.isRoot && site.hasOverlay && !cache.shared.includes(path)) {
    const lower = `${box.cachesMountpoint}/${tree}/${inTree}`;
    // The mount's options are one text with these between its parts.
    if (!/[,:\\]/.test(lower))
      return {
        Type: 'volume',
        Source: place.replaceAll('/', '-').replace(/^stages-/, ''),
        Target: target,
        VolumeOptions: {
          NoCopy: true,
          Labels: labels,
          DriverConfig: {
            Name: 'local',
            Options: {
              type: 'overlay',
              device: 'overlay',
              o: `lowerdir=${lower},upperdir=${on}/${UPPER},workdir=${on}/${WORK}`,
            },
          },
        },
      };
  }
  const openToAll = !site.isRoot;
  if (!isHome) {
    const workspace = `${site.folder}/${site.workspace === 'copy' ? COPY : UPPER}`;
    if (tree !== null) await copyTree(settings, box, `${tree}/${inTree}`, { folder: workspace, path, openToAll });
    return null;
  }
  if (tree === null && site.isRoot) {
    // What the image has there comes along: the daemon copies it into a new volume.
    const name = place.replaceAll('/', '-').replace(/^stages-/, '');
    return { Type: 'volume', Source: name, Target: target, VolumeOptions: describeEmpty(labels) };
  }
  await copyTree(settings, box, `${tree ?? '.none'}/${inTree}`, { folder: place, path: COPY, openToAll });
  return { Type: 'bind', Source: `${on}/${COPY}`, Target: target };
}

function describeEmpty(labels: Record<string, string>) {
  return { NoCopy: false, Labels: labels, DriverConfig: { Name: 'local', Options: {} } };
}

/** Lays a tree of the caches over a folder of the run's volume; an absent one makes an empty folder in the home alone. */
async function copyTree(
  settings: BoxSettings,
  box: Box,
  from: string,
  { folder, path, openToAll }: { folder: string; path: string; openToAll: boolean },
): Promise<void> {
  const script = [
    `from=${CACHES_DATA}/$1; to=${TARGET}/$2`,
    'if [ -d "$from" ] && [ ! -L "$from" ]; then mkdir -p "$to" && cp -a "$from/." "$to/" || exit 1',
    'elif [ -e "$from" ] || [ -L "$from" ]; then mkdir -p "$(dirname "$to")" && cp -a "$from" "$to" || exit 1',
    `else case $to in ${TARGET}/${COPY}) mkdir -p "$to" ;; *) exit 0 ;; esac; fi`,
    '[ "$3" = own ] || chmod -R a+rwX "$to"',
  ].join('\n');
  await runOnFolder(settings, box, folder, script, [from, path, openToAll ? 'all' : 'own']);
}

/** Home of a stage's user inside its container: what its environment says, else root's; null for others. */
export function findHome(
  env: Readonly<Record<string, string>>,
  imageHome: string | null,
  isRoot: boolean,
): string | null {
  const said = env['HOME'] ?? imageHome;
  if (said?.startsWith('/')) return posix.normalize(said);
  return isRoot ? '/root' : null;
}
