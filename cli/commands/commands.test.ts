import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { openHome, type Home } from '../testing/home.ts';

const FILE = `pipeline "demo" { executor "process" }
stage "make" {
  run "mkdir -p out; echo hi > out/a.txt; echo v=1 >> $BUILDIT_OUTPUT; printf 'red \\\\033[31mx\\\\033[0m \\\\033[2Jgone\\\\n'"
  artifact "dist" { path "out/**" }
}
stage "use" needs="make" { run "test -e \${env.MARK}" }
stage "skip" needs="make" { when "stages.make.outputs.v == '2'"; run "true" }
`;

vi.setConfig({ testTimeout: 120_000 });

describeWith(['temporal'], 'commands on a run that has ended', () => {
  let home: Home;
  let label = '';
  beforeAll(async () => {
    home = openHome();
    home.write('demo.kdl', FILE);
    home.write('mark.env', `MARK=${home.folder}/mark\n`);
    const first = await home.run(['run', 'demo.kdl', '--env-file', 'mark.env']);
    if (first.exit !== 1) throw new Error(first.stderr);
    label = /run (local\/\d+)/.exec(first.stderr)?.[1] ?? '';
  }, 120_000);
  afterAll(() => home.close());

  test('runs list has the run, in each format', async () => {
    expect((await home.run(['runs', 'list', '-o', 'name'])).stdout).toBe(`${label}\n`);
    expect((await home.run(['runs', 'list', '--no-headers'])).stdout).toMatch(new RegExp(`^${label} +failed +demo `));
    const fields = ['--fields', 'label,status.kind'];
    expect((await home.run(['runs', 'list', '-o', 'ndjson', ...fields])).stdout).toBe(
      `{"label":"${label}","status.kind":"ended"}\n`,
    );
    expect((await home.run(['runs', 'list', '-o', 'yaml', ...fields])).stdout).toBe(
      `- label: ${label}\n  status.kind: ended\n`,
    );
  });

  test('runs show has its stages with what decided', async () => {
    const { stdout } = await home.run(['runs', 'show', '@last']);
    expect(stdout).toMatch(/^stage +state +waited +ran +attempts +why\n/);
    expect(stdout).toMatch(/\nuse +failed .*exit 1 in step 1\n/);
  });

  test('why names the values', async () => {
    const { stdout } = await home.run(['why', label, 'skip']);
    expect(stdout).toContain("when       stages.make.outputs.v == '2': false");
    expect(stdout).toContain('stages.make.outputs.v = 1');
    expect(await home.run(['why', label, 'skp'])).toMatchObject({ exit: 5 });
  });

  test('graph draws the run with how each node stands', async () => {
    const { stdout } = await home.run(['graph', label]);
    expect(stdout).toBe(
      'demo  3 stages\n1  ✓ make  passed\n2  ✗ use   failed · needs make\n   – skip  skipped · needs make\n',
    );
    expect(await home.run(['graph', 'local/999'])).toMatchObject({ exit: 5 });
  });

  test('logs keep colours and nothing else, --raw keeps every byte', async () => {
    const escape = String.fromCharCode(27);
    expect((await home.run(['logs', label, 'make'])).stdout).toBe(`red ${escape}[31mx${escape}[0m gone${escape}[0m\n`);
    expect((await home.run(['logs', label, 'make', '--raw'])).stdout).toBe(
      `red ${escape}[31mx${escape}[0m ${escape}[2Jgone\n`,
    );
    expect((await home.run(['logs', label, 'make', '--tail', '1', '-o', 'ndjson'])).stdout).toMatch(
      /^\{"stage":"make","attempt":1,"n":1,/,
    );
    expect(await home.run(['logs', label, 'mak'])).toMatchObject({
      exit: 5,
      stderr: expect.stringContaining('did you mean "make"?'),
    });
  });

  test('artifacts are listed, verified and unpacked', async () => {
    expect((await home.run(['artifacts', 'list', label, '-o', 'name'])).stdout).toBe('make/dist\n');
    expect(await home.run(['artifacts', 'get', label, 'dist', '--verify'])).toMatchObject({ exit: 0 });
    expect(await home.run(['artifacts', 'get', label, 'dist', '--to', 'got'])).toMatchObject({ exit: 0 });
    expect(await home.run(['artifacts', 'get', label, 'dsit'])).toMatchObject({ exit: 5 });
  });

  test('retry carries what passed and runs the rest again', async () => {
    home.write('mark', '');
    const { exit, stderr } = await home.run(['retry', label, '--failed']);
    expect(stderr).toContain(`✓ make  carried from ${label}`);
    expect(exit).toBe(0);
    expect(await home.run(['retry', `${label}.2`])).toMatchObject({ exit: 9 });
    expect(await home.run(['retry', label, '--failed', '--all'])).toMatchObject({ exit: 2 });
  });

  test('engine status as data is the processes', async () => {
    const status: { processes: { role: string; pid: number }[] } = JSON.parse(
      (await home.run(['engine', 'status', '-o', 'json'])).stdout,
    );
    expect(status.processes.map(({ role }) => role).toSorted()).toEqual([
      'api',
      'postgres',
      'supervisor',
      'temporal',
      'worker',
    ]);
  });

  test('an error of a command that prints JSON is one problem object on stderr', async () => {
    const { exit, stdout, stderr } = await home.run(['runs', 'show', 'local/999', '-o', 'json']);
    expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ code: 'not-found', status: 404 });
  });

  test('names of runs and stages complete while the engine runs', async () => {
    const environment = { BUILDIT_COMPLETE: '1' };
    expect((await home.run(['logs', 'local/'], { environment })).stdout).toContain(`${label}\n`);
    expect((await home.run(['why', label, ''], { environment })).stdout).toBe('make\nuse\nskip\n');
  });
});

test('help explains a code without an engine; an unknown one offers the nearest', async () => {
  const home = openHome();
  expect((await home.run(['help', 'docker-unreachable'])).stdout).toMatch(/^# docker-unreachable\n/);
  expect((await home.run(['help', 'KDL012'])).stdout).toMatch(/^# KDL012 \(error\)\n/);
  expect(await home.run(['help', 'docker-unreachabel'])).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('did you mean'),
  });
  await home.close();
});

test('validate prints each problem with its place; exit 2', async () => {
  const home = openHome();
  home.write(
    'bad.kdl',
    'stage "test" { image "busybox:1.37"; run "true" }\nstage "build" needs="tset" { image "busybox:1.37"; run "true" }\n',
  );
  const { exit, stdout } = await home.run(['validate', 'bad.kdl']);
  expect(exit).toBe(2);
  expect(stdout).toContain('error[KDL012]: unknown stage "tset" in needs\n --> bad.kdl:2:21\n');
  expect(stdout).toMatch(/\n1 error, 0 warnings · 1 file, 2 stages · \d+ ms\n$/);
  expect(JSON.parse((await home.run(['validate', 'bad.kdl', '--format', 'sarif'])).stdout)).toMatchObject({
    version: '2.1.0',
  });
  await home.close();
});
