import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { listBusyboxEntries } from './busybox-entries.ts';
import { busyboxImage, shellsImage } from './image-names.ts';
import { type Entry, packEntries } from './root-file-system.ts';
import { listShellsEntries } from './shells-entries.ts';

const recipes = new Map<string, () => Entry[]>([
  [busyboxImage, listBusyboxEntries],
  [shellsImage, listShellsEntries],
]);

/**
 * Makes the images the tests use out of this machine's own binaries; one that is present stays as it is, so calling
 * it again costs one request. Throws with the cause when Docker does not answer or an image cannot be made.
 */
export async function makeImages(docker = new Docker(), report: (line: string) => void = () => {}): Promise<void> {
  const present = new Set((await docker.listImages()).flatMap((image) => image.RepoTags ?? []));
  for (const [name, listEntries] of recipes) {
    if (present.has(name)) continue;
    report(`making the image ${name}`);
    await importImage(docker, name, listEntries(), []);
  }
}

/** Makes an image of these files; `more` are further instructions of a Dockerfile. */
export async function importImage(
  docker: Docker,
  name: string,
  entries: Entry[],
  more: readonly string[],
): Promise<void> {
  const [repo, tag] = name.split(':');
  const path = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const changes = ['CMD ["sh"]', path, ...more];
  const answer: unknown = await docker.importImage(Readable.from(packEntries(entries)), { repo, tag, changes });
  // The types promise `void & Promise<…>` for this call; what comes is the daemon's progress as a stream.
  if (!(answer instanceof Readable)) throw new Error('Docker gave no progress for the import');
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(answer, (error) => (error === null ? resolve() : reject(error)));
  });
}
