import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepEngineVariables } from './engine-environment.ts';
import { findCacheFolder, findDataFolder, makeDataFolder } from './places.ts';
import { nameRuntimePlaces } from './runtime-places.ts';

it('data and cache are where the variables say, else below the home', () => {
  expect(findDataFolder({ HOME: '/home/ada' })).toBe('/home/ada/.buildit/data');
  expect(findDataFolder({ HOME: '/home/ada', BUILDIT_DATA: '/srv/data' })).toBe('/srv/data');
  expect(findCacheFolder({ HOME: '/home/ada' })).toBe('/home/ada/.buildit/cache');
  expect(findCacheFolder({ HOME: '/home/ada', BUILDIT_CACHE: '/srv/cache' })).toBe('/srv/cache');
});

it('sockets lie in the runtime folder of the session, else in one of our own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  try {
    expect(nameRuntimePlaces('/data', { XDG_RUNTIME_DIR: folder }).socket).toMatch(
      new RegExp(`^${folder}/buildit/[0-9a-f]{8}\\.sock$`),
    );
    const own = `/tmp/buildit-${process.getuid?.()}`;
    expect(nameRuntimePlaces('/data', {}).folder).toBe(own);
    expect(nameRuntimePlaces('/data', { XDG_RUNTIME_DIR: '/does/not/exist' }).folder).toBe(own);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a runtime folder too long for a socket is not used', () => {
  const folder = mkdtempSync(join(tmpdir(), 'r'.repeat(80)));
  try {
    expect(nameRuntimePlaces('/data', { XDG_RUNTIME_DIR: folder }).folder).not.toContain(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('an empty data folder is closed to others, a folder with other things in it keeps its rights', () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-'));
  const mode = (): string => (statSync(folder).mode & 0o777).toString(8);
  try {
    chmodSync(folder, 0o755);
    makeDataFolder(folder);
    expect(mode()).toBe('700');
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'letter.txt'), '');
    makeDataFolder(folder);
    expect(mode()).toBe('755');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('two data folders have different sockets', () => {
  expect(nameRuntimePlaces('/one', {}).socket).not.toBe(nameRuntimePlaces('/two', {}).socket);
});

it('an engine keeps what it needs to work and nothing else of a shell', () => {
  const kept = keepEngineVariables({
    PATH: '/bin',
    HOME: '/root',
    https_proxy: 'http://proxy:3128',
    BUILDIT_CACHE: '/cache',
    GITHUB_TOKEN: 'secret',
    DATABASE_URL: 'postgres://somebody@else',
    NODE_OPTIONS: '--inspect',
  });
  expect(Object.keys(kept).toSorted()).toEqual(['BUILDIT_CACHE', 'HOME', 'PATH', 'https_proxy']);
});
