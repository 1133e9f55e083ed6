import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { useServer } from '#test/env/use-server.ts';
import { openServerHome, type ServerHome } from '../testing/server-home.ts';

vi.setConfig({ testTimeout: 60_000 });

const TEXT = 'stage "build" {\n  image "busybox:1.37"\n  run "cat notes.txt"\n}\n';

describe('run --remote', () => {
  const use = useServer();
  let home: ServerHome;
  beforeAll(() => {
    const { ann, bo, vic } = use().people;
    home = openServerHome(use().port, { ann, bo, vic }, 'acme/shop');
    home.write('.buildit.kdl', TEXT);
    home.write('notes.txt', 'first');
    home.write('.builditignore', 'data\nsettings\n');
  });
  afterAll(() => home.close());
  const sentContents = async () => {
    const rows = await use().api.database<{ n: number }[]>`SELECT count(*)::int AS n FROM snapshot_contents`;
    return rows[0]?.n;
  };

  test('the tree is sent and the file runs there; what was sent is not sent again', async () => {
    const first = await home.as('bo', 'run', '--remote', '--detach', '-o', 'json');
    expect(first).toMatchObject({ exit: 0 });
    const run = JSON.parse(first.stdout);
    expect(run).toMatchObject({ workspace: 'acme/shop', startedBy: 'user:bo', pipeline: { file: '.buildit.kdl' } });
    const sent = await sentContents();
    home.write('notes.txt', 'second');
    const second = await home.as('bo', 'run', '--remote', '--detach');
    expect(second).toMatchObject({ exit: 0, stderr: expect.stringContaining('3 files') });
    expect(await sentContents()).toBe((sent ?? 0) + 1);
    const label = second.stdout.trim();
    expect((await home.as('bo', 'runs', 'show', label, '-o', 'name')).stdout).toBe(`${label}\n`);
  });

  test('a commit and whether the tree differs from it go along', async () => {
    const git = (...args: string[]) => execFileSync('git', ['-C', home.folder, ...args], { stdio: 'pipe' });
    git('init', '-q', '-b', 'main');
    git('add', '.buildit.kdl', 'notes.txt', '.builditignore');
    git('-c', 'user.name=ann', '-c', 'user.email=ann@example.com', 'commit', '-q', '-m', 'one');
    home.write('.gitignore', 'data\nsettings\n');
    const run = JSON.parse((await home.as('bo', 'run', '--remote', '--detach', '-o', 'json')).stdout);
    expect(run).toMatchObject({ branch: 'main', git: { branch: 'main', dirty: true, subject: 'one', author: 'ann' } });
  });

  test('what is wrong is said before anything is sent', async () => {
    home.write('broken.kdl', 'stage "build" {\n}\n');
    expect(await home.as('bo', 'run', 'broken.kdl', '--remote')).toMatchObject({ exit: 2 });
    expect(await home.as('bo', 'run', '--remote', '--in-place')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--in-place has no meaning with --remote'),
    });
    expect(await home.run(['run', '--remote'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('buildit login URL'),
    });
    expect(await home.as('vic', 'run', '--remote')).toMatchObject({ exit: 4 });
  });
});
