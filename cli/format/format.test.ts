import { lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome, type Home } from '../testing/home.ts';

const OLDER = 'stage "a" executor=process { // why\n  run "echo {sha}"\n    allow-failure true }\n';
const CANONICAL = 'stage "a" executor="process" { // why\n    run "echo {sha}"\n    allow-failure #true\n}\n';

let home: Home;
beforeEach(() => {
  home = openHome();
});
afterEach(() => home.close());

const read = (name: string) => readFileSync(join(home.folder, name), 'utf8');

test('fmt rewrites the files of the folder, prints their names, and changes nothing the second time', async () => {
  home.write('.buildit.kdl', OLDER);
  expect(await home.run(['fmt'])).toMatchObject({ exit: 0, stdout: '.buildit.kdl\n', stderr: '1 file, 1 formatted\n' });
  expect(read('.buildit.kdl')).toBe(CANONICAL);
  expect(await home.run(['fmt'])).toMatchObject({ exit: 0, stdout: '' });
});

test('fmt --check writes nothing and ends with 2 when a file would change', async () => {
  home.write('a.kdl', OLDER);
  home.write('b.kdl', CANONICAL);
  expect(await home.run(['fmt', '--check', 'a.kdl', 'b.kdl'])).toMatchObject({ exit: 2, stdout: 'a.kdl\n' });
  expect(read('a.kdl')).toBe(OLDER);
  expect(await home.run(['fmt', '--check', 'b.kdl'])).toMatchObject({ exit: 0, stdout: '' });
});

test('a file that does not parse stays as it is, and its problem is shown', async () => {
  home.write('a.kdl', 'stage "a" {\n');
  home.write('b.kdl', OLDER);
  const { exit, stdout, stderr } = await home.run(['fmt', 'a.kdl', 'b.kdl']);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: 'b.kdl\n' });
  expect(stderr).toContain('error[KDL005]');
  expect(read('a.kdl')).toBe('stage "a" {\n');
});

test('- formats stdin to stdout', async () => {
  expect(await home.run(['fmt', '-'], { input: OLDER })).toMatchObject({ exit: 0, stdout: CANONICAL, stderr: '' });
  expect(await home.run(['fmt', '-', '--check'], { input: OLDER })).toMatchObject({ exit: 2 });
  expect(await home.run(['fmt', '-'], { input: 'a {' })).toMatchObject({ exit: 2, stdout: '' });
});

test('the mode of a file and a symbolic link to it stay', async () => {
  const path = home.write('a.kdl', OLDER);
  symlinkSync('a.kdl', join(home.folder, 'link.kdl'));
  const { mode } = statSync(path);
  await home.run(['fmt', 'link.kdl']);
  expect(read('a.kdl')).toBe(CANONICAL);
  expect(statSync(path).mode).toBe(mode);
  expect(lstatSync(join(home.folder, 'link.kdl')).isSymbolicLink()).toBe(true);
});
