import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { openHome, steady, type Home } from '../testing/home.ts';

const LEGS = `pipeline "shop-api" { executor "process" }
stage "test" {
  matrix { axis "node" "22" "24"; fail-fast #false }
  env "NODE" "\${matrix.node}"
  run "echo ready"
  run "if [ $NODE = 24 ]; then echo wrong; exit 1; fi"
}
stage "build" needs="test" { run "echo build" }
`;
const GATE = `pipeline "gated" { executor "process" }
stage "build" { run "echo built" }
gate "ship" needs="build" { approve from="user:local" }
stage "deploy" needs="ship" { run "echo deployed" }
`;
const TWO_RULES = GATE.replace('from="user:local"', 'from="team:sre"; approve from="user:local"');
const SLOW = `pipeline "slow" { executor "process" }
stage "a" { run "echo begun; for i in $(seq 900); do sleep 0.1; done" }
stage "clean" run-on="always" { run "echo cleaned" }
`;
const TALKING = `pipeline "talking" { executor "process" }
stage "a" { run "for i in $(seq 900); do echo tick $i; sleep 0.1; done" }
`;
const STUBBORN = `pipeline "stubborn" { executor "process" }
stage "a" { grace "10m"; run "trap '' TERM; echo begun; for i in $(seq 900); do sleep 0.1; done" }
`;

// Each starts processes of its own against one engine: a loaded machine makes them wait.
vi.setConfig({ testTimeout: 120_000 });

describeWith(['temporal'], 'buildit run', () => {
  let home: Home;
  beforeAll(async () => {
    home = openHome();
    home.write(
      'hello.kdl',
      'pipeline "hello" { executor "process" }\nstage "hello" { run "echo Hello from BuildIt" }\n',
    );
    home.write('legs.kdl', LEGS);
    home.write('gate.kdl', GATE);
    home.write('rules.kdl', TWO_RULES);
    home.write('slow.kdl', SLOW);
    home.write('talking.kdl', TALKING);
    home.write('stubborn.kdl', STUBBORN);
    // The first start may get Temporal and makes the database.
    const first = await home.run(['run', 'hello.kdl']);
    if (first.exit !== 0) throw new Error(first.stderr);
  }, 120_000);
  afterAll(() => home.close());

  test('in a pipe stdout has the lines of the stages and stderr the rest', async () => {
    const { exit, stdout, stderr } = await home.run(['run', 'hello.kdl']);
    expect(exit).toBe(0);
    expect(stdout).toBe('hello | Hello from BuildIt\n');
    expect(steady(stderr)).toBe(
      `hello  1 stage · process · local engine warm (0 ms)
◐ hello  running
✓ hello  0.0s
✓ passed  0.0s · 1 passed  run local/1
Next: buildit logs local/1 hello
`,
    );
  });

  test('in a terminal one stage streams its output, indented, and closes with its line', async () => {
    const { exit, screen } = await home.runInTerminal(['run', 'hello.kdl']);
    expect(exit).toBe(0);
    expect(
      screen
        .map(steady)
        .filter(Boolean)
        .map((line) => line.replaceAll(/ {3,}/g, '   ')),
    ).toEqual([
      'hello  1 stage · process · local engine warm (0 ms)',
      '  Hello from BuildIt',
      '✓ hello  0.0s',
      '✓ passed  0.0s · 1 passed   run local/1',
      'Next: buildit logs local/1 hello',
    ]);
  });

  test('a failed leg shows its lines with numbers, the table and what to do next; exit 1', async () => {
    const { exit, screen } = await home.runInTerminal(['run', 'legs.kdl']);
    const text = screen.map(steady).join('\n');
    expect(exit).toBe(1);
    expect(screen[0]).toMatch(/^shop-api {2}2 stages, 2 legs of test · process · local engine /);
    expect(text).toMatch(/✗ test\[node=24\] {2}0\.0s {2}step 2 of 2 exited 1: if \[ \$NODE/);
    expect(text).toContain('      1 | ready\n      2 | wrong\n');
    expect(text).toMatch(/\n {2}stage +ending +waited +ran {2}why\n✓ test\[node=22\] {2}passed /);
    expect(text).toMatch(/\n□ build +not-run +needs test\[node=24\]: failed\n/);
    expect(text).toMatch(/\n✗ failed {2}0\.0s · 1 passed, 1 failed, 1 not-run +run local\/1\n/);
    expect(screen.at(-1)).toMatch(
      /^Next: buildit retry local\/\d+ --failed · buildit logs local\/\d+ 'test\[node=24\]'$/,
    );
  });

  test('without UTF-8 every sign is ASCII, with NO_COLOR there is no colour', async () => {
    const { raw } = await home.runInTerminal(['run', 'legs.kdl'], { environment: { LANG: 'C', NO_COLOR: '1' } });
    expect(raw).not.toMatch(/[^\p{ASCII}]/u);
    expect(raw).not.toMatch(new RegExp(`${String.fromCharCode(27)}\\[\\d*m`));
    expect(raw).toContain('FAIL test[node=24]');
  });

  test('with -o json stdout is the run object and nothing else', async () => {
    const { exit, stdout } = await home.run(['run', 'hello.kdl', '-o', 'json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      status: { kind: 'ended', ending: 'passed' },
      pipeline: { name: 'hello' },
    });
  });

  test('with -o ndjson every object comes as a line, the run last', async () => {
    const { stdout } = await home.run(['run', 'hello.kdl', '-o', 'ndjson']);
    const objects: { kind?: string; topic: string; status: { kind: string } }[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.every(({ topic }) => topic.startsWith('run:'))).toBe(true);
    expect(objects.at(-1)).toMatchObject({ status: { kind: 'ended' } });
  });

  test('a gate prompts in a terminal', async () => {
    const { exit, screen } = await home.runInTerminal(['run', 'gate.kdl'], {
      keys: [{ when: 'Approve ship?', type: 'y\r' }],
    });
    expect(screen.join('\n')).toContain('✓ ship  approved by user:local');
    expect(screen.join('\n')).toContain('  deployed');
    expect(exit).toBe(0);
  });

  test('a rejected gate is exit 8', async () => {
    const keys = [
      { when: 'Approve ship?', type: 'n\r' },
      { when: 'Why not?', type: 'not today\r' },
    ];
    const { exit, screen } = await home.runInTerminal(['run', 'gate.kdl'], { keys });
    expect(exit).toBe(8);
    expect(screen.join('\n')).toContain('■ rejected');
  });

  test('--approve answers before a gate asks', async () => {
    expect(await home.run(['run', 'gate.kdl', '--approve', 'ship'])).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('deploy | deployed'),
    });
    expect(await home.run(['run', 'gate.kdl', '--approve', 'shop'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('did you mean "ship"?'),
    });
  });

  test('without anybody to ask it is exit 6, the run stays open, and the commands that help are printed', async () => {
    const { exit, stderr } = await home.run(['run', 'rules.kdl']);
    expect(exit).toBe(6);
    const label = /The run (local\/\d+) stays open/.exec(stderr)?.[1] ?? '';
    expect(stderr).toContain(`buildit approve ${label} ship --as team:sre/NAME`);
    expect(await home.run(['approve', label])).toMatchObject({ exit: 0, stderr: expect.stringContaining('Counted.') });
    expect(await home.run(['approve', label, 'ship', '--as', 'team:sre/ann'])).toMatchObject({ exit: 0 });
    expect(await home.run(['runs', 'watch', label])).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('deploy | deployed'),
    });
    expect(await home.run(['approve', label, 'ship'])).toMatchObject({ exit: 9 });
    expect(await home.run(['approve', label, 'shp'])).toMatchObject({ exit: 5 });
  });

  test('the first Ctrl-C asks for a cancel and the always stages run; exit 130', async () => {
    const { exit, screen } = await home.runInTerminal(['run', 'slow.kdl'], {
      keys: [{ when: 'begun', type: '\u0003' }],
    });
    expect(exit).toBe(130);
    expect(screen.join('\n')).toContain('  cleaned');
    expect(screen.join('\n')).toContain('⊘ cancelled');
  });

  test('the second Ctrl-C does not wait for the grace', async () => {
    const keys = [
      { when: 'begun', type: '\u0003' },
      { when: 'press again to force', type: '\u0003' },
    ];
    const { exit, screen } = await home.runInTerminal(['run', 'stubborn.kdl'], { keys });
    expect(exit).toBe(130);
    expect(screen.join('\n')).toContain('⊘ cancelled');
  });

  test('the third Ctrl-C leaves at once', async () => {
    const keys = [{ when: 'begun', type: '\u0003\u0003\u0003' }];
    const { exit, screen } = await home.runInTerminal(['run', 'stubborn.kdl'], { keys });
    expect(exit).toBe(130);
    expect(screen.join('\n')).toMatch(/Left the run local\/\d+ going\./);
  });

  test('SIGTERM is like the first Ctrl-C, with exit 143', async () => {
    let isSent = false;
    const ended = await home.run(['run', 'slow.kdl'], {
      onOutput: (text, child) => {
        if (isSent || !text.includes('begun')) return;
        isSent = true;
        child.kill('SIGTERM');
      },
    });
    expect(ended.exit).toBe(143);
    expect(ended.stdout).toContain('clean | cleaned');
  });

  test('a reader that goes away ends the command quietly, and the run goes on', async () => {
    const ended = await home.run(['run', 'talking.kdl'], {
      onOutput: (text, child) => {
        if (text.includes('tick 3')) child.closeStdout();
      },
    });
    expect(ended.exit).toBe(0);
    const { stdout } = await home.run(['runs', 'list', '--limit', '1', '-o', 'json']);
    const [run]: { label: string }[] = JSON.parse(stdout);
    expect(await home.run(['cancel', run?.label ?? ''])).toMatchObject({ exit: 0 });
    expect(await home.run(['runs', 'watch', run?.label ?? ''])).toMatchObject({ exit: 130 });
  });

  test('--detach prints the name of the run; a time limit of the command leaves the run going', async () => {
    const { exit, stdout } = await home.run(['run', 'slow.kdl', '--detach']);
    expect(exit).toBe(0);
    const label = stdout.trim();
    expect(label).toMatch(/^local\/\d+$/);
    expect(await home.run(['runs', 'watch', label, '--timeout', '300ms'])).toMatchObject({ exit: 124 });
    expect(await home.run(['cancel', label, '--force'])).toMatchObject({ exit: 0 });
    expect(await home.run(['runs', 'watch', label])).toMatchObject({ exit: 130 });
    expect(await home.run(['cancel', label])).toMatchObject({ exit: 9 });
  });

  test('a file with images ends with exit 3 and a sentence where Docker does not answer', async () => {
    home.write('image.kdl', 'stage "a" { image "busybox:1.37"; run "true" }\n');
    const { exit, stdout, stderr } = await home.run(['run', 'image.kdl'], {
      environment: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    });
    expect(exit).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `error[docker-unreachable]: Docker does not answer at unix:///nowhere/docker.sock
  cause  connect ENOENT
  fix    start Docker, or run without isolation: buildit run image.kdl --executor process
  more   buildit help docker-unreachable
`,
    );
  });

  test('a secret without a value is exit 2 before any run', async () => {
    home.write('secret.kdl', 'pipeline "s" { executor "process" }\nstage "a" { secret "TOKEN_X"; run "true" }\n');
    expect(await home.run(['run', 'secret.kdl'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('TOKEN_X'),
    });
    expect(await home.run(['run', 'secret.kdl'], { environment: { TOKEN_X: 'hunter2hunter2' } })).toMatchObject({
      exit: 0,
    });
    home.write('secrets.env', 'TOKEN_X=hunter2hunter2\n');
    expect(await home.run(['run', 'secret.kdl', '--secret-file', 'secrets.env'])).toMatchObject({ exit: 0 });
  });

  test('a run that runs out of time is exit 124', async () => {
    home.write(
      'late.kdl',
      'pipeline "late" { executor "process" }\nstage "a" { timeout "300ms"; grace "100ms"; run "sleep 60" }\n',
    );
    expect(await home.run(['run', 'late.kdl'])).toMatchObject({ exit: 124 });
  });
});
