import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildWeb } from '#test/env/web.ts';

interface Chunk {
  name: string;
  file: string;
  imports?: string[];
  dynamicImports?: string[];
}

const DIST = resolve(import.meta.dirname, '../../web/dist');
let chunks: Record<string, Chunk> = {};
beforeAll(async () => {
  await buildWeb();
  chunks = JSON.parse(readFileSync(join(DIST, 'manifest.json'), 'utf8'));
});

/** Bytes of a file as a browser that knows gzip gets it. */
const sizeOf = (file: string) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).byteLength;
const sum = (files: Iterable<string>) => [...files].reduce((total, file) => total + sizeOf(file), 0);

/** Files of code that a chunk needs before it can run, itself among them. */
function filesOf(name: string, seen = new Set<string>()): Set<string> {
  const chunk = chunks[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

/** The code of the first page: nothing else is loaded before it is painted. */
function firstLoad(): Set<string> {
  const home = listPages().find((name) => chunks[name]?.name === 'home') ?? '';
  expect(chunks[home]).toBeDefined();
  return new Set([...filesOf('index.html'), ...filesOf(home)]);
}

/** What the entry loads when its address comes: the pages, some of which share a file. */
const listPages = () => chunks['index.html']?.dynamicImports ?? [];

test('the first load is at most 130 kB of code', () => {
  expect(sum(firstLoad())).toBeLessThanOrEqual(130_000);
});

test('every further page is at most 25 kB of code more, and so is every part that a page loads later', () => {
  const loaded = firstLoad();
  const pages = new Set(listPages());
  const parts = new Set(Object.values(chunks).flatMap(({ dynamicImports }) => dynamicImports ?? []));
  expect(parts.size).toBeGreaterThan(pages.size);
  const sizes = [...parts]
    // A part's other files came with its page.
    .map((name) => ({ name, files: pages.has(name) ? [...filesOf(name)] : [chunks[name]?.file ?? ''] }))
    .map(({ name, files }) => ({ name, bytes: sum(files.filter((file) => !loaded.has(file))) }));
  expect(sizes.filter(({ bytes }) => bytes > 25_000)).toEqual([]);
});

test('all of the code is at most 260 kB', () => {
  const scripts = readdirSync(join(DIST, 'assets')).filter((name) => name.endsWith('.js'));
  expect(sum(scripts.map((name) => `assets/${name}`))).toBeLessThanOrEqual(260_000);
});

test('the style sheets are at most 15 kB', () => {
  const sheets = readdirSync(join(DIST, 'assets')).filter((name) => name.endsWith('.css'));
  expect(sum(sheets.map((name) => `assets/${name}`))).toBeLessThanOrEqual(15_000);
});

test('the font of texts is preloaded, and at most 48 kB (48.3 as it is published)', () => {
  const [, font = ''] =
    /rel="preload" as="font"[^>]* href="\/([^"]+)"/.exec(readFileSync(join(DIST, 'index.html'), 'utf8')) ?? [];
  expect(statSync(join(DIST, font)).size).toBeLessThanOrEqual(48_300);
});
