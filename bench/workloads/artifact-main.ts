import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openStores } from '#store/open.ts';

/** A process of its own for each of `w9.ts`, so that its peak of memory is its own: `save` or `load`, and prints JSON. */
const [dataFolder = '', what = '', folder = '', known = ''] = process.argv.slice(2);
const { artifacts } = openStores({ dataFolder });

const begun = performance.now();
let reference = known === '' ? null : (JSON.parse(known) as Awaited<ReturnType<typeof artifacts.save>>);
if (what === 'save') {
  const tar = spawn('tar', ['-c', 'file'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const key = { runId: randomUUID(), stage: 'build', attempt: 1, name: 'dist' };
  reference = await artifacts.save(key, tar.stdout);
} else if (reference !== null) {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(artifacts.load(reference), nowhere);
}
const peakMb = (process.resourceUsage().maxRSS * 1_024) / 1e6;
process.stdout.write(`${JSON.stringify({ reference, ms: performance.now() - begun, peakMb })}\n`);
