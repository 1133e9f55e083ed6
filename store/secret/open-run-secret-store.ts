import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { readCautiousTime } from '../host-clock.ts';
import { errorCode, toStoreFault } from '../object/disk-fault.ts';
import { decodeKey, encodeKey } from '../object/key.ts';
import { writeFileAtomically } from '../object/write-file.ts';
import type { RunSecretStore } from './port.ts';
import { readSecretFile } from './read-secret-file.ts';
import { loadOrMakeKey } from './run-key.ts';
import { sealText, unsealText } from './seal.ts';

/** What is kept of a run: names in the clear (never secret), values sealed one by one. */
interface Kept {
  version: 1;
  secretFile: string | null;
  sealed: Record<string, string>;
}

const SUFFIX = '.json';

/** Secrets of runs as one file each in `folder`, beside the key that seals them. */
export function openRunSecretStore(options: { folder: string }): RunSecretStore {
  const { folder } = options;
  const pathOf = (runId: string) => join(folder, `${encodeKey(runId.replaceAll('/', '-'))}${SUFFIX}`);
  const contextOf = (runId: string, name: string) => `${runId}\n${name}`;
  let key: Promise<Buffer> | null = null;
  const useKey = () => (key ??= loadOrMakeKey(join(folder, 'key')));

  async function read(runId: string): Promise<Kept> {
    const text = await readFile(pathOf(runId), 'utf8').catch((thrown: unknown) => {
      if (errorCode(thrown) === 'ENOENT') return null;
      throw toStoreFault(thrown, 'read the sealed secrets');
    });
    return text === null ? { version: 1, secretFile: null, sealed: {} } : (JSON.parse(text) as Kept);
  }

  async function write(runId: string, kept: Kept): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(kept));
    await writeFileAtomically(pathOf(runId), bytes, { temporaryFolder: join(folder, '.writing'), flush: true }).catch(
      (thrown: unknown) => {
        throw toStoreFault(thrown, 'keep the sealed secrets');
      },
    );
  }

  return {
    async seal(runId, values) {
      const [kept, secretKey] = [await read(runId), await useKey()];
      const sealed = { ...kept.sealed };
      for (const [name, value] of Object.entries(values)) {
        sealed[name] = sealText(secretKey, value, contextOf(runId, name));
      }
      await write(runId, { ...kept, sealed });
    },
    async point(runId, secretFile) {
      await write(runId, { ...(await read(runId)), secretFile });
    },
    async open(runId, names) {
      const kept = await read(runId);
      const fromFile = kept.secretFile === null ? {} : await readSecretFile(kept.secretFile);
      const values: Record<string, string> = {};
      for (const name of names) {
        const [own, sealed] = [lookUp(fromFile, name), lookUp(kept.sealed, name)];
        if (own !== null) values[name] = own;
        else if (sealed !== null) values[name] = unseal(await useKey(), sealed, contextOf(runId, name), name);
      }
      return values;
    },
    async describe(runId) {
      const kept = await read(runId);
      return { secretFile: kept.secretFile, names: Object.keys(kept.sealed).toSorted() };
    },
    async list(ageMs) {
      const entries = await readdir(folder).catch((thrown: unknown) => {
        if (errorCode(thrown) === 'ENOENT') return [];
        throw toStoreFault(thrown, 'list the sealed secrets');
      });
      const names = entries.filter((entry) => entry.endsWith(SUFFIX));
      const times = await Promise.all(names.map((name) => findWriteTime(join(folder, name))));
      const old = names.filter((_name, index) => (times[index] ?? Infinity) <= readCautiousTime() - ageMs);
      return old.map((name) => decodeKey(name.slice(0, -SUFFIX.length)));
    },
    async forget(runId) {
      await rm(pathOf(runId), { force: true });
    },
  };
}

/** ms since the epoch; null when it was forgotten meanwhile. */
async function findWriteTime(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => found.mtimeMs,
    (thrown: unknown) => {
      if (errorCode(thrown) === 'ENOENT') return null;
      throw toStoreFault(thrown, 'list the sealed secrets');
    },
  );
}

/** Own properties only: a secret may be called `constructor`. */
function lookUp(values: Record<string, string>, name: string): string | null {
  return Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}

function unseal(key: Buffer, sealed: string, context: string, name: string): string {
  try {
    return unsealText(key, sealed, context);
  } catch {
    throw new FaultError({
      code: 'secret-unsealable',
      message: `The sealed value of the secret ${name} does not open`,
      cause: 'the key file of the data folder or the sealed file was changed',
      fix: 'Run again and give the secrets anew',
      retry: NO_RETRY,
    });
  }
}
