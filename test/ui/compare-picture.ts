import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { expect } from 'vitest';
import { writeIndexed } from './write-indexed.ts';

/** The pictures that are kept, as NAME.png. */
export const KEPT = resolve(import.meta.dirname, 'pictures');
/** Whether pictures are kept anew, in place of being compared. */
export const isKeeping = process.env['BUILDIT_KEEP_PICTURES'] === '1';
/** The major version of the Chromium that made them: another may draw the same page otherwise. */
const KEPT_BY = join(KEPT, 'chromium.txt');
/** UI §10: of all pixels. */
const MOST_APART = 0.001;
/** How far apart two pixels are one colour (pixelmatch): less than the tokens of two grounds. */
const THRESHOLD = 0.02;
/** How often a page is pictured until it stands still. */
const TRIES = 10;

/** Refuses another major version of Chromium than the one that made the pictures; notes it when they are kept anew. */
export function expectSameChromium(version: string): void {
  const [present = ''] = version.split('.');
  if (isKeeping) {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(KEPT_BY, `${present}\n`);
  }
  const kept = readFileSync(KEPT_BY, 'utf8').trim();
  if (kept === present) return;
  throw new Error(
    `the pictures were made by Chromium ${kept}, this is ${present}: keep them anew (docs/web.md) with BUILDIT_KEEP_PICTURES=1`,
  );
}

/**
 * Holds what is seen of a page against its picture: as many pixels as UI §10 allows may differ. What differs is written
 * beside the picture's name into a folder that the fault tells. With {@link isKeeping} a picture that does not hold is
 * made anew.
 */
export async function expectPicture(page: Page, name: string): Promise<void> {
  const file = join(KEPT, `${name}.png`);
  const kept = existsSync(file) ? PNG.sync.read(readFileSync(file)) : null;
  if (!kept && !isKeeping) expect.fail(`there is no picture ${name}: keep it (docs/web.md)`);
  let taken = await take(page);
  let apart = kept ? comparePictures(kept, PNG.sync.read(taken)) : null;
  // A page may still be on its way to what it is: it is looked at until it holds, or two looks see the same.
  for (let tries = 0; tries < TRIES && !(apart && apart.share <= MOST_APART); tries++) {
    const before = taken;
    taken = await take(page);
    if (isKeeping && before.equals(taken)) break;
    apart = kept ? comparePictures(kept, PNG.sync.read(taken)) : null;
  }
  if (apart && apart.share <= MOST_APART) return;
  if (isKeeping) return keep(file, PNG.sync.read(taken));
  const folder = join(tmpdir(), 'buildit-pictures');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), taken);
  if (apart) writeFileSync(join(folder, `${name}.diff.png`), PNG.sync.write(apart.diff));
  expect.fail(`${((apart?.share ?? 1) * 100).toFixed(2)} % of ${name} differ from the kept picture: see ${folder}`);
}

function take(page: Page): Promise<Buffer> {
  return page.screenshot({ animations: 'disabled' });
}

/** The file has fewer colours than the picture: that must not count. */
function keep(file: string, taken: PNG): void {
  const written = writeIndexed(taken);
  expect(comparePictures(PNG.sync.read(written), taken).share, file).toBeLessThan(MOST_APART / 4);
  writeFileSync(file, written);
}

/** The share of pixels that differ, with a picture that marks them; all of them where the sizes differ. */
function comparePictures(kept: PNG, taken: PNG): { share: number; diff: PNG } {
  const { width, height } = kept;
  const diff = new PNG({ width, height });
  if (taken.width !== width || taken.height !== height) return { share: 1, diff };
  const options = { threshold: THRESHOLD, includeAA: true };
  return { share: pixelmatch(kept.data, taken.data, diff.data, width, height, options) / (width * height), diff };
}
