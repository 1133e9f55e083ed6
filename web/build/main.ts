import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { digestSources } from './digest.ts';

/**
 * `npm run build`: the web interface into `web/dist`, ready to be served. What is built from these very sources already
 * stays. A build takes the old one's place when it is whole; of several that start at once one builds.
 */
const home = resolve(import.meta.dirname, '../..');
const target = join(home, 'web/dist');
const stamp = join(target, 'sources.sha256');

// Whoever starts it, a test too: else it would be React as developers debug it, three times the size.
process.env['NODE_ENV'] = 'production';

const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === digestSources(home);

if (!isBuilt()) {
  mkdirSync(join(home, '.cache'), { recursive: true });
  // The kernel takes this lock back from whoever dies with it.
  const lock = new DatabaseSync(join(home, '.cache/web-build.lock'), { timeout: 60_000 });
  lock.exec('BEGIN EXCLUSIVE');
  if (!isBuilt()) await build();
  lock.close();
}

async function build(): Promise<void> {
  const digest = digestSources(home);
  const draft = join(home, 'web', `.dist-${process.pid}`);
  // Vite takes a while to load, for nothing where all is built.
  const [vite, { buildConfig }, { compressFolder }] = await Promise.all([
    import('vite'),
    import('./config.ts'),
    import('./compress.ts'),
  ]);
  try {
    await vite.build(buildConfig(draft));
    await compressFolder(draft);
    writeFileSync(join(draft, 'sources.sha256'), digest);
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
