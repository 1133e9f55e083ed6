import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { memoryObjectStore } from '../object/memory-object-store.ts';
import { openObjectStore } from '../object/open-object-store.ts';
import { testCacheStore } from './cache.contract.ts';

testCacheStore('memory', async () => memoryObjectStore());

testCacheStore('files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-cache-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return openObjectStore({ folder });
});
