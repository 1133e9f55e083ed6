import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file as it goes out. */
export interface Asset {
  type: string;
  /** Strong, of the content as it is built; each encoding adds its own mark. */
  etag: string;
  encodings: { identity: Buffer; br: Buffer | null; gzip: Buffer | null };
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/** Files of one folder, not below it; each is read once. */
export function openAssets(folder: string): { find(name: string): Promise<Asset | null> } {
  const known = new Map<string, Promise<Asset | null>>();
  return {
    find(name) {
      // What the build names, so that nothing else of the machine is ever looked for.
      const type = TYPES[extname(name)];
      if (type === undefined || !/^[\w][\w.-]*$/.test(name)) return Promise.resolve(null);
      const asset = known.get(name) ?? readAsset(join(folder, name), type);
      known.set(name, asset);
      return asset.then((found) => {
        // A name that is not there is not kept: whoever asks for many must not fill the memory.
        if (!found) known.delete(name);
        return found;
      });
    },
  };
}

async function readAsset(path: string, type: string): Promise<Asset | null> {
  const identity = await readOrNull(path);
  if (!identity) return null;
  const [br, gzip] = await Promise.all([readOrNull(`${path}.br`), readOrNull(`${path}.gz`)]);
  const etag = createHash('sha256').update(identity).digest('base64url').slice(0, 22);
  return { type, etag, encodings: { identity, br, gzip } };
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch {
    return null;
  }
}
