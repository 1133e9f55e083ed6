import { randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../harness/command.ts';
import type { Measures, Workload } from '../harness/workload.ts';
import { openIn } from './scope.ts';

const MIB = 2 ** 20;
const SIZE_MIB = 2_048;
const CHANGED_MIB = 20;

interface Ended {
  reference: unknown;
  ms: number;
  peakMb: number;
}

/** An artifact of one random file: saved, saved again with a hundredth of it changed, and loaded. */
export const w9: Workload = {
  id: 'w9',
  title: 'an artifact of 2 GiB that cannot be compressed',
  pace: 'long',
  limitMs: 300_000,
  open: () =>
    openIn(async ({ folder }) => {
      const file = join(folder, 'file');
      writeRandom(file, 0, SIZE_MIB, 'w');
      let count = 0;
      const fresh = (name: string): string => {
        const made = join(folder, `${name}-${count++}`);
        mkdirSync(made);
        return made;
      };
      return [
        {
          ...{ name: 'copy and SHA-256', role: 'floor', note: 'one pass by streams of Node, 1 MiB at a time' },
          async measure() {
            const { ms } = await runNode(COPY, file, join(fresh('copy'), 'file'));
            return { 'MB/s': speedOf(ms) };
          },
        },
        {
          ...{ name: 'cp and sha256sum', role: 'floor', note: 'one after the other' },
          async measure() {
            const script = 'cp file "$1/file"\nsha256sum "$1/file"';
            const { ms } = await runCommand('sh', ['-ec', script, 'sh', fresh('cp')], { cwd: folder });
            return { 'MB/s': speedOf(ms) };
          },
        },
        {
          ...{
            name: 'artifact',
            role: 'buildit',
            note: 'tar in and out, chunks by content, manifest last, each chunk checked',
          },
          measure: () => measure(folder, fresh('data')),
        },
      ];
    }),
};

async function measure(folder: string, data: string): Promise<Measures> {
  const store = async (what: string, known?: unknown): Promise<Ended> => {
    const more = known === undefined ? [] : [JSON.stringify(known)];
    const { stdout } = await runNode(ARTIFACT, data, what, folder, ...more);
    return JSON.parse(stdout) as Ended;
  };
  const saved = await store('save');
  const before = await countBytes(data);
  writeRandom(join(folder, 'file'), SIZE_MIB / 2, CHANGED_MIB, 'r+');
  await store('save');
  const grown = (await countBytes(data)) - before;
  const loaded = await store('load', saved.reference);
  return {
    ...{ 'MB/s': speedOf(saved.ms), 'save peak, MB': saved.peakMb },
    ...{ 'load, MB/s': speedOf(loaded.ms), 'load peak, MB': loaded.peakMb },
    'stored again after 1 % changed, %': (grown / (SIZE_MIB * MIB)) * 100,
  };
}

const speedOf = (ms: number) => (SIZE_MIB * MIB) / ms / 1_000;

const COPY = fileURLToPath(new URL('copy-main.ts', import.meta.url));
const ARTIFACT = fileURLToPath(new URL('artifact-main.ts', import.meta.url));

const runNode = (program: string, ...args: string[]) =>
  runCommand(process.execPath, [program, ...args], { cwd: import.meta.dirname });

async function countBytes(folder: string): Promise<number> {
  const { stdout } = await runCommand('du', ['-sb', folder], { cwd: '/' });
  return Number(stdout.split('\t')[0]);
}

/** So many MiB of random bytes from that place on. */
function writeRandom(path: string, fromMib: number, count: number, flags: string): void {
  const file = openSync(path, flags);
  const block = Buffer.alloc(MIB);
  for (let index = 0; index < count; index++) writeSync(file, randomFillSync(block), 0, MIB, (fromMib + index) * MIB);
  closeSync(file);
}
