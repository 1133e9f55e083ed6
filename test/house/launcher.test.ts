import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { launch, makeHome } from './launcher-home.ts';

const made: string[] = [];

function makeClone(): string {
  const clone = makeHome();
  made.push(dirname(clone));
  return clone;
}

/** A folder for PATH whose programs shadow the real ones. */
function makePrograms(clone: string, programs: Record<string, string>): string {
  const folder = join(dirname(clone), 'programs');
  mkdirSync(folder);
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return `${folder}:/usr/bin:/bin`;
}

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('the first start installs and says so on stderr, the second says nothing and needs neither node nor npm', async () => {
  const clone = makeClone();
  const first = await launch(join(clone, 'buildit'));
  expect(first).toMatchObject({ code: 0, stdout: '[]\n' });
  expect(first.stderr).toContain('installing what BuildIt needs');
  expect(first.stderr).toContain('nothing is installed yet');

  const broken = makePrograms(clone, { node: 'exit 1', npm: 'exit 1' });
  expect(await launch(join(clone, 'buildit'), [], { PATH: broken })).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
});

test('arguments arrive as given, through symbolic links and from another folder', async () => {
  const clone = makeClone();
  const links = join(dirname(clone), 'links');
  mkdirSync(links);
  symlinkSync('../clone/buildit', join(links, 'relative'));
  symlinkSync(join(links, 'relative'), join(links, 'absolute'));
  const args = ['run', 'a b', '', "it's", '$HOME', '*', '--x="y"'];
  const { code, stdout } = await launch(join(links, 'absolute'), args);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(args);
});

test('the exit code is the command line’s own', async () => {
  const clone = makeClone();
  writeFileSync(join(clone, 'cli/main.ts'), 'process.exitCode = 7;\n');
  expect((await launch(join(clone, 'buildit'))).code).toBe(7);
});

test('of several first starts at once one installs and all go on', async () => {
  const clone = makeClone();
  const all = await Promise.all([1, 2, 3].map(async (n) => launch(join(clone, 'buildit'), [String(n)])));
  expect(all.map(({ code, stdout }) => [code, stdout])).toEqual([
    [0, '["1"]\n'],
    [0, '["2"]\n'],
    [0, '["3"]\n'],
  ]);
  expect(all.filter(({ stderr }) => stderr.includes('installing what BuildIt needs into'))).toHaveLength(1);
  expect(readdirSync(join(clone, '.cache')).filter((name) => name.startsWith('set-up.lock'))).toEqual([]);
});

test('a changed lock file is installed again, with the reason', async () => {
  const clone = makeClone();
  await launch(join(clone, 'buildit'));
  const lock = join(clone, 'package-lock.json');
  writeFileSync(lock, `${readFileSync(lock, 'utf8')}\n`);
  const { code, stderr } = await launch(join(clone, 'buildit'));
  expect(code).toBe(0);
  expect(stderr).toContain('package-lock.json differs from what is installed');
});

test('the lock of a dead process is taken over', async () => {
  const clone = makeClone();
  mkdirSync(join(clone, '.cache'));
  // Above the highest pid Linux and macOS give.
  symlinkSync('4194305', join(clone, '.cache/set-up.lock'));
  expect((await launch(join(clone, 'buildit'))).code).toBe(0);
  expect(existsSync(join(clone, '.cache/set-up.lock'))).toBe(false);
});

test('the lock of a living process is waited for, and named when patience ends', async () => {
  const clone = makeClone();
  mkdirSync(join(clone, '.cache'));
  symlinkSync(String(process.pid), join(clone, '.cache/set-up.lock'));
  const { code, stderr } = await launch(join(clone, 'buildit'), [], { BUILDIT_SETUP_PATIENCE: '1' });
  expect(code).toBe(3);
  expect(stderr).toContain('error[set-up-locked]:');
  expect(stderr).toContain(`process ${process.pid}`);
});

test('an installation that fails ends with 3, the reason and what to do, and is tried again next time', async () => {
  const clone = makeClone();
  const project = readFileSync(join(clone, 'package.json'), 'utf8');
  const broken = { ...JSON.parse(project), dependencies: { node: 'file:./pinned', absent: 'file:./absent' } };
  writeFileSync(join(clone, 'package.json'), JSON.stringify(broken));
  const { code, stdout, stderr } = await launch(join(clone, 'buildit'));
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^error\[set-up-failed\]: .+\n {2}cause {2}npm ci: .+\n {2}fix {4}.+\n {2}more {3}.+$/m);

  writeFileSync(join(clone, 'package.json'), project);
  expect((await launch(join(clone, 'buildit'))).code).toBe(0);
});

test.each([
  { name: 'too old', programs: { node: 'echo 18.20.8', npm: 'exit 1' }, expected: 'error[node-too-old]: Node 18.20.8' },
  { name: 'without npm', programs: { node: 'echo 24.0.0' }, expected: 'error[node-missing]:' },
])('a Node that is $name is refused before anything is installed', async ({ programs, expected }) => {
  const clone = makeClone();
  const path = makePrograms(clone, { ...programs });
  // Only what a bare system has, so that no other npm is found.
  for (const tool of ['sh', 'cmp', 'readlink', 'dirname', 'mkdir', 'ln', 'rm', 'mv', 'cp', 'cat']) {
    symlinkSync(join('/usr/bin', tool), join(dirname(clone), 'programs', tool));
  }
  const { code, stderr } = await launch(join(clone, 'buildit'), [], { PATH: path.split(':')[0] });
  expect(code).toBe(3);
  expect(stderr).toContain(expected);
  expect(existsSync(join(clone, 'node_modules'))).toBe(false);
});

test('the program that npm test runs through is found on a fresh clone', async () => {
  const clone = makeClone();
  const { code, stdout } = await launch('sh', [join(clone, 'scripts/run.sh'), 'cli/main.ts', 'x y']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '["x y"]\n' });
});
