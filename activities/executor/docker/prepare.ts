import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { SnapshotReference } from '#store/snapshot/port.ts';
import { type ExchangeFile, listEmptyExchange } from '../exchange.ts';
import type { PreparedAttempt } from '../port.ts';
import { writeScripts } from '../wrapper.ts';
import { runInBox } from './box.ts';
import { RUN_DATA, SOURCE_DATA, SOURCE_TREE, STAGE_EXCHANGE, STAGE_FOLDER } from './names.ts';

/**
 * An attempt and its folder below the run's volume. Every worker that prepares one takes a folder of its own, so none
 * can touch what another one's container uses; the container's label says which became real.
 */
export interface AttemptFolder {
  attempt: PreparedAttempt;
  /** `stages/NAME-RANDOM` */
  folder: string;
}

export const SCRIPTS = 'scripts';
export const EXCHANGE = 'exchange';
/** Of the overlay: what the stage changes, and the kernel's own. */
export const UPPER = 'upper';
export const WORK = 'work';
/** Folder of each cache path of the attempt, counted over all of them. */
export const CACHE_PLACE = 'cache-';
/** A workspace that is a copy, where no overlay can be had. */
export const COPY = 'copy';

/**
 * Unpacks stdin below the run's volume and says whether the source is there: one round trip for a whole run. The
 * arguments are attempts that must not have begun before (the wrapper leaves a file when it does).
 */
const PREPARE = [
  `cd ${RUN_DATA} || exit 1`,
  `for name in "$@"; do for began in stages/"$name"-*/${EXCHANGE}/began; do [ ! -e "$began" ] || { echo begun; exit 0; }; done; done`,
  `tar -x && if [ -d ${SOURCE_DATA}/${SOURCE_TREE} ]; then echo present; else echo absent; fi`,
].join('\n');

/**
 * Writes folders and scripts of attempts. `isFirst` says that none of them can have begun; otherwise one that has, and
 * whose container is gone, throws `attempt-lost`: it would run a second time.
 */
export async function prepareAttempts(
  docker: Docker,
  runId: string,
  attempts: readonly AttemptFolder[],
  isFirst: boolean,
): Promise<{ hasSource: boolean }> {
  const names = isFirst ? [] : attempts.map(({ attempt }) => attempt.name);
  const output = (await runInBox(docker, runId, PREPARE, names, packAttempts(attempts))).toString('utf8');
  if (!output.includes('begun')) return { hasSource: output.includes('present') };
  throw new FaultError({
    code: 'attempt-lost',
    message: 'The container of the stage is gone although the stage had begun; it is not begun a second time',
    cause: 'something removed the container',
    fix: 'retry the stage',
    retry: NO_RETRY,
  });
}

/** Lets an attempt of this name begin again. */
export async function forgetBegin(docker: Docker, runId: string, attempt: string): Promise<void> {
  await runInBox(docker, runId, `rm -rf ${RUN_DATA}/stages/"$1"-*`, [attempt]);
}

/**
 * Brings the snapshot into the source volume, whole or not at all: unpacked beside, then renamed. Two runs that do it
 * at once both succeed; the second rename finds the first's tree.
 */
export async function uploadSource(docker: Docker, runId: string, tar: Readable): Promise<void> {
  const script = [
    `new=${SOURCE_DATA}/new-$1`,
    `rm -rf "$new" && mkdir -p "$new" && tar -x -C "$new" && chmod 755 "$new"`,
    `&& { mv -T "$new" ${SOURCE_DATA}/${SOURCE_TREE} 2>/dev/null || { [ -d ${SOURCE_DATA}/${SOURCE_TREE} ] && rm -rf "$new"; }; }`,
  ];
  await runInBox(docker, runId, `${script[0]}; ${script[1]} ${script[2]}`, [runId], tar);
}

/** The workspace as a copy of the source tree, once; for users other than root with everything writable. */
export async function copySource(docker: Docker, runId: string, folder: string, openToAll: boolean): Promise<void> {
  const script = [
    'cd "$1" || exit 1',
    `if [ ! -d ${COPY} ]; then rm -rf ${COPY}.new; cp -a ${SOURCE_DATA}/${SOURCE_TREE} ${COPY}.new`,
    `&& { [ "$2" = own ] || chmod -R a+rwX ${COPY}.new; } && mv ${COPY}.new ${COPY}; fi`,
  ]
    .join('\n')
    .replaceAll('\n&&', ' &&');
  await runInBox(docker, runId, script, [`${RUN_DATA}/${folder}`, openToAll ? 'all' : 'own']);
}

/** Unpacks a tree (an artifact of an earlier stage) into a folder of the run's volume. */
export async function unpackInput(docker: Docker, runId: string, folder: string, tar: Readable): Promise<void> {
  await runInBox(docker, runId, 'tar -x -C "$1"', [`${RUN_DATA}/${folder}`], tar);
}

/** Removes a folder of the run's volume; links in it are not followed. */
export async function removeFolder(docker: Docker, runId: string, folder: string): Promise<void> {
  await runInBox(docker, runId, 'rm -rf "$1"', [`${RUN_DATA}/${folder}`]);
}

export async function readExchangeFile(
  docker: Docker,
  runId: string,
  folder: string,
  file: ExchangeFile,
  limit: number,
): Promise<Uint8Array> {
  const path = `${RUN_DATA}/${folder}/${EXCHANGE}/${file}`;
  return runInBox(docker, runId, 'head -c "$2" "$1"', [path, String(limit + 1)]);
}

/** The tree is made from the reference alone, so its digest may name the volume. */
export type LoadSnapshot = (reference: SnapshotReference) => Readable;

function packAttempts(attempts: readonly AttemptFolder[]): Readable {
  const tar = pack();
  for (const { attempt, folder } of attempts) {
    const places = (attempt.caches ?? []).flatMap(({ paths }) => paths).map((_, index) => `/${CACHE_PLACE}${index}`);
    const inPlaces = places.flatMap((place) => [place, `${place}/${UPPER}`, `${place}/${WORK}`]);
    for (const name of ['', `/${UPPER}`, `/${WORK}`, `/${SCRIPTS}`, `/${SCRIPTS}/exchange`, ...inPlaces]) {
      tar.entry({ name: `${folder}${name}`, type: 'directory', mode: 0o755 });
    }
    // The stage's own user, whoever that is, writes here.
    tar.entry({ name: `${folder}/${EXCHANGE}`, type: 'directory', mode: 0o777 });
    for (const [name, content] of Object.entries(listEmptyExchange())) {
      tar.entry({ name: `${folder}/${EXCHANGE}/${name}`, mode: 0o666 }, content);
    }
    const files = writeScripts({
      shell: attempt.shell,
      steps: attempt.steps,
      nonce: attempt.nonce,
      folder: STAGE_FOLDER,
      exchange: STAGE_EXCHANGE,
      onceFile: `${STAGE_EXCHANGE}/began`,
      processFile: null,
      takesSecretFiles: true,
    });
    for (const [name, content] of Object.entries(files)) {
      tar.entry({ name: `${folder}/${SCRIPTS}/${name}`, mode: 0o644 }, content);
    }
  }
  tar.finalize();
  return Readable.from(tar);
}
