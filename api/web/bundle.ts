import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openAssets, type Asset } from './asset.ts';
import { writePolicy } from './policy.ts';

/** The built web interface (`web/dist`). */
export interface WebBundle {
  /** The one page, with the policy that fits its scripts; null while it is not built. */
  findIndex(): Promise<WebIndex | null>;
  /** A file of `assets/`; null when there is none of that name. */
  findAsset(name: string): Promise<Asset | null>;
}

export interface WebIndex extends Asset {
  policy: string;
}

interface Opened {
  stamp: string;
  index: WebIndex;
  findAsset(name: string): Promise<Asset | null>;
}

/** Reads a build when it is first asked for, and again when another takes its place: the server needs no restart. */
export function openWebBundle(folder: string): WebBundle {
  let opened: Opened | null = null;
  const open = async (): Promise<Opened | null> => {
    const stamp = await stampOf(join(folder, 'index.html'));
    if (stamp === null || stamp === opened?.stamp) return stamp === null ? null : opened;
    const page = await openAssets(folder).find('index.html');
    if (!page) return null;
    const html = page.encodings.identity.toString('utf8');
    opened = {
      stamp,
      index: { ...page, policy: writePolicy(listScriptDigests(html)) },
      findAsset: openAssets(join(folder, 'assets')).find,
    };
    return opened;
  };
  return {
    findIndex: async () => (await open())?.index ?? null,
    findAsset: async (name) => (await open())?.findAsset(name) ?? null,
  };
}

/** What tells one build from another; null when there is none. */
async function stampOf(file: string): Promise<string | null> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return null;
  }
}

/** SHA-256 of each script that stands in the page itself, base64, as a policy names it. */
function listScriptDigests(html: string): string[] {
  return [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) =>
    createHash('sha256').update(script).digest('base64'),
  );
}
