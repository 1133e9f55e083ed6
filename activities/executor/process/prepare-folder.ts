import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotStore } from '#store/snapshot/port.ts';
import { listEmptyExchange } from '../exchange.ts';
import type { AttemptSpec } from '../port.ts';
import { writeScripts } from '../wrapper.ts';
import { type AttemptFacts, PLACES } from './attempt-folder.ts';
import { restoreCaches } from './restore-caches.ts';
import { unpackTree } from './unpack-tree.ts';

/**
 * Makes an attempt's folder with scripts and workspace, whole or not at all. If another worker was faster its folder
 * stays and ours goes. Its dozen small files are written at once: each would be three turns through the pool of threads.
 */
export async function prepareFolder(
  root: string,
  spec: AttemptSpec,
  snapshots: Pick<SnapshotStore, 'unpack'>,
): Promise<void> {
  const folder = join(root, spec.name);
  const draft = join(root, `.new-${spec.name}-${randomBytes(4).toString('hex')}`);
  try {
    mkdirSync(join(draft, PLACES.scripts), { recursive: true, mode: 0o700 });
    const workspace = spec.source.kind === 'in-place' ? spec.source.folder : join(folder, PLACES.workspace);
    writeFiles(join(draft, PLACES.scripts), describeScripts(spec, folder));
    writeFiles(draft, {
      [PLACES.facts]: JSON.stringify({ runId: spec.runId, workspace } satisfies AttemptFacts),
      ...listEmptyExchange(),
      [PLACES.log]: '',
    });
    await fillWorkspace(spec, draft, snapshots);
    renameSync(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')))
      throw error;
  }
}

async function fillWorkspace(
  spec: AttemptSpec,
  draft: string,
  snapshots: Pick<SnapshotStore, 'unpack'>,
): Promise<void> {
  const target = spec.source.kind === 'in-place' ? spec.source.folder : join(draft, PLACES.workspace);
  if (spec.source.kind === 'copy') {
    await mkdir(target);
    await snapshots.unpack(spec.source.snapshot, target);
  }
  await restoreCaches(spec, draft, target);
  for (const open of spec.inputs) await unpackTree(open(), target);
}

function describeScripts(spec: AttemptSpec, folder: string): Record<string, string> {
  return writeScripts({
    shell: spec.shell,
    steps: spec.steps,
    nonce: spec.nonce,
    folder: join(folder, PLACES.scripts),
    exchange: folder,
    onceFile: null,
    processFile: join(folder, PLACES.program),
    takesSecretFiles: false,
  });
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}
