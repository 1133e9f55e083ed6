import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Home, openHome } from '../testing/home.ts';
import { readLibraryUrl } from './library-url.ts';

let home: Home;
let remote: string;

beforeEach(() => {
  home = openHome();
  remote = mkdtempSync(join(tmpdir(), 'buildit-remote-'));
});
afterEach(async () => {
  rmSync(remote, { recursive: true, force: true });
  await home.close();
});

const git = (...args: string[]) =>
  execFileSync(
    'git',
    ['-C', join(remote, 'acme/lib'), '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args],
    {
      encoding: 'utf8',
    },
  ).trim();

/** Commits files to the repository `acme/lib`; answers the commit. */
function publish(files: Record<string, string>, tag: string): string {
  const folder = join(remote, 'acme/lib');
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    git('init', '--quiet', '--initial-branch', 'main');
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', tag);
  git('tag', '--force', tag);
  return git('rev-parse', 'HEAD');
}

const init = (more: Record<string, string> = {}) =>
  home.run(['init'], { environment: { BUILDIT_IMPORTS: `acme=file://${remote}`, ...more } });

const TEMPLATES = `import "inner/base.kdl"
template "echo" { param "what" default="one"; stage uses="base" { run "echo \${params.what}" } }
`;
const BASE = 'template "base" { stage executor="process" { timeout "1m" } }\n';
const PIPELINE = 'import "acme/lib" ref="v1"\nstage "a" uses="echo"\n';

test('a library is fetched at its commit, with what it imports, and then needs no network', async () => {
  const commit = publish({ 'templates.kdl': TEMPLATES, 'inner/base.kdl': BASE, 'other.kdl': '' }, 'v1');
  home.write('.buildit.kdl', PIPELINE);
  expect(await home.run(['validate'])).toMatchObject({ exit: 2, stdout: expect.stringContaining('buildit init') });
  const copies = `.buildit/imports/acme/lib/${commit}`;
  expect(await init()).toMatchObject({
    exit: 0,
    stdout: `${copies}/templates.kdl\n${copies}/inner/base.kdl\nbuildit.lock\n`,
  });
  const lock = JSON.parse(readFileSync(join(home.folder, 'buildit.lock'), 'utf8'));
  expect(lock).toEqual({
    version: 1,
    imports: {
      'acme/lib@v1': {
        url: `file://${remote}/acme/lib`,
        commit,
        files: { 'inner/base.kdl': expect.stringMatching(/^[0-9a-f]{64}$/), 'templates.kdl': expect.any(String) },
      },
    },
  });
  rmSync(remote, { recursive: true, force: true });
  expect(await home.run(['validate'])).toMatchObject({ exit: 0 });
  expect(await home.run(['explain'])).toMatchObject({
    stdout: expect.stringContaining(`// ${copies}/templates.kdl:2`),
  });
  expect(await init()).toMatchObject({ exit: 0, stdout: '' });
});

test('a tag that moves changes nothing until its entry is taken out; a changed copy is refused and repaired', async () => {
  const commit = publish({ 'templates.kdl': TEMPLATES, 'inner/base.kdl': BASE }, 'v1');
  home.write('.buildit.kdl', PIPELINE);
  await init();
  const copy = join(home.folder, '.buildit/imports/acme/lib', commit, 'inner/base.kdl');
  writeFileSync(copy, 'template "base" { stage { run "rm -rf /" } }\n');
  const refused = await home.run(['validate']);
  expect(refused).toMatchObject({ exit: 2, stdout: expect.stringContaining('is not what buildit.lock says') });
  const moved = publish({ 'templates.kdl': TEMPLATES.replace('"one"', '"two"') }, 'v1');
  expect(await init()).toMatchObject({ exit: 0, stdout: `.buildit/imports/acme/lib/${commit}/inner/base.kdl\n` });
  expect(readFileSync(copy, 'utf8')).toBe(BASE);
  rmSync(join(home.folder, 'buildit.lock'));
  expect((await init()).stdout).toContain(moved);
});

test('what cannot be fetched is said with what git says', async () => {
  publish({ 'a.kdl': '' }, 'v1');
  symlinkSync('/etc/passwd', join(remote, 'acme/lib/templates.kdl'));
  publish({}, 'v2');
  home.write('.buildit.kdl', 'import "acme/lib" ref="v9"\nstage "a" executor="process" { run "true" }\n');
  expect(await init()).toMatchObject({ exit: 2, stderr: expect.stringMatching(/import-unfetched[\s\S]*v9/) });
  for (const ref of ['v1', 'v2']) {
    home.write('.buildit.kdl', `import "acme/lib" ref="${ref}"\nstage "a" executor="process" { run "true" }\n`);
    expect(await init()).toMatchObject({ exit: 2, stderr: expect.stringContaining('import-file-missing') });
  }
  writeFileSync(join(home.folder, 'buildit.lock'), '<<<<<<<');
  expect(await init()).toMatchObject({ exit: 2, stderr: expect.stringContaining('lock-unreadable') });
  expect(existsSync(join(home.folder, '.buildit'))).toBe(false);
});

test('each organization may have an address of its own, which holds no password', () => {
  const setting = 'acme=https://git.acme.example/,*=ssh://git@host';
  expect(readLibraryUrl(setting, 'acme/lib')).toBe('https://git.acme.example/acme/lib');
  expect(readLibraryUrl(setting, 'other/lib')).toBe('ssh://git@host/other/lib');
  expect(readLibraryUrl(undefined, 'other/lib')).toBe('https://github.com/other/lib');
  for (const wrong of ['acme', 'acme=ext::sh -c x', 'acme=https://me:secret@host', '=https://host']) {
    expect(() => readLibraryUrl(wrong, 'acme/lib')).toThrow('BUILDIT_IMPORTS');
  }
});
