import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { testCaches } from '../caches.contract.ts';
import { type ContractSubject, followAttempt, SOURCE_FILES, testExecutor } from '../executor.contract.ts';
import type { AttemptSpec } from '../port.ts';
import { createSpec, NONCE } from '../testing/attempt-spec.ts';
import { writeScripts } from '../wrapper.ts';
import { PLACES, readExit } from './attempt-folder.ts';
import { processExecutor } from './executor.ts';
import { processHost } from './host.ts';
import { isAlive, readIdentity } from './process-identity.ts';
import { writeSupervisor } from './supervisor-script.ts';

testExecutor('process', openProcessSubject);
testCaches('process', openProcessSubject);

describe('a process attempt', () => {
  let subject: Awaited<ReturnType<typeof openProcessSubject>>;
  afterEach(() => subject.dispose());

  async function start(script: string, changes: Partial<AttemptSpec> = {}, disk?: string) {
    subject = await openProcessSubject(disk);
    const runId = randomUUID();
    const { source, env } = subject;
    const spec = createSpec([script], { runId, stage: 'stage', source, env, ...changes });
    const { executor } = subject.openWorker();
    const handle = await executor.start(spec);
    return { executor, handle, folder: join(subject.root, spec.name) };
  }

  const readPid = async (path: string): Promise<number> => {
    await expect.poll(() => readIdentity(path)).not.toBeNull();
    return (await readIdentity(path))?.pid ?? 0;
  };

  it('whose supervisor was killed is lost, and nothing of it lives on', async () => {
    const { executor, handle, folder } = await start('echo begun; sleep 600');
    await readPid(join(folder, PLACES.program));
    const program = await readIdentity(join(folder, PLACES.program));
    process.kill(await readPid(join(folder, PLACES.supervisor)), 'SIGKILL');
    await expect(followAttempt(executor, handle)).rejects.toMatchObject({ fault: { code: 'supervisor-lost' } });
    expect(program).not.toBeNull();
    if (program) await expect.poll(() => isAlive(program)).toBe(false);
  });

  it('leaves nothing when a worker dies while its folder is made or removed', async () => {
    const { handle, folder } = await start('sleep 600');
    const { host } = subject.openWorker();
    const own = `.new-${basename(folder)}-draft`;
    const left = ['.gone-a', '.new-old', '.new-young', own].map((name) => join(subject.root, name));
    for (const path of left) await mkdir(path);
    await utimes(join(subject.root, '.new-old'), 1, 1);
    await host.sweep();
    expect((await readdir(subject.root)).toSorted()).toEqual([own, '.new-young', basename(folder)].toSorted());
    await host.closeRun(handle.runId);
    expect(await readdir(subject.root)).toEqual(['.new-young']);
  });

  it('ends although a daemon of its own still holds its output, and the daemon ends with it', async () => {
    const { executor, handle, folder } = await start(
      'setsid sh -c "echo $$ > ../daemon; exec sleep 600" & while [ ! -s ../daemon ]; do sleep 0.02; done; echo done',
    );
    const { exit, text } = await followAttempt(executor, handle);
    expect([exit.code, text]).toEqual([0, 'done\n']);
    const pid = Number(await readFile(join(folder, 'daemon'), 'utf8'));
    await expect.poll(() => spawnSync('kill', ['-0', String(pid)]).status).not.toBe(0);
  });

  it('gets its own environment and nothing of any other process', async () => {
    const { executor, handle, folder } = await start('env -0 | sort -z | tr "\\0" "\\n"', {
      env: { PATH: '/usr/bin:/bin', HOME: '/nowhere', ONLY: 'this' },
    });
    const { text } = await followAttempt(executor, handle);
    // PWD and the like are the shell's own.
    const lines = text.split('\n').filter((line) => line !== '' && !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(lines).toEqual([
      `BUILDIT_OUTPUT=${join(folder, 'output')}`,
      `BUILDIT_SECRET_OUTPUT=${join(folder, 'secret-output')}`,
      `BUILDIT_STAGES=${join(folder, 'stages')}`,
      `BUILDIT_SUMMARY=${join(folder, 'summary')}`,
      `BUILDIT_WORKSPACE=${join(folder, 'workspace')}`,
      'HOME=/nowhere',
      'ONLY=this',
      'PATH=/usr/bin:/bin',
    ]);
  });

  it('refuses what it cannot enforce', async () => {
    const resources = { cpu: 1, memory: null, pids: null, disk: null };
    await expect(start('true', { resources })).rejects.toMatchObject({
      fault: { code: 'word-unsupported' },
      neverStarted: true,
    });
    await subject.dispose();
    await expect(start('true', { user: 'nobody' })).rejects.toMatchObject({ fault: { code: 'word-unsupported' } });
  });

  // A small disk needs the right to mount one.
  it.skipIf(process.getuid?.() !== 0)('whose disk is full errored with the cause', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'small-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      const { executor, handle } = await start('yes | head -c 3000000', {}, disk);
      await expect(followAttempt(executor, handle)).rejects.toMatchObject({ fault: { code: 'disk-full' } });
    } finally {
      // Lazily: the last shell of the supervisor may still be leaving.
      execFileSync('umount', ['-l', disk]);
      await rm(disk, { recursive: true });
    }
  });
});

it.each([['bash', '--posix'], ['dash']])(
  'without setsid the supervisor makes the group by job control (%s)',
  async (shell, ...options) => {
    const folder = await mkdtemp(join(tmpdir(), 'supervisor-'));
    const steps = [{ script: 'echo out; exit 5', title: 'step', line: 1 }];
    await mkdir(join(folder, PLACES.scripts));
    const scripts = writeScripts({
      shell: ['sh'],
      steps,
      nonce: NONCE,
      folder: join(folder, PLACES.scripts),
      exchange: folder,
      onceFile: null,
      processFile: join(folder, PLACES.program),
      takesSecretFiles: false,
    });
    for (const [name, content] of Object.entries(scripts)) await writeFile(join(folder, PLACES.scripts, name), content);
    const [cat = '', mv = ''] = ['cat', 'mv'].map((name) =>
      execFileSync('sh', ['-c', `command -v ${name}`])
        .toString()
        .trim(),
    );
    const text = writeSupervisor({ cat, mv, setsid: null });
    const run = spawnSync(shell, [...options, '-c', text, 'buildit', folder, folder], { stdio: 'ignore' });
    expect(run.status).toBe(0);
    expect(await readExit(folder)).toMatchObject({ code: 5 });
    expect(await readFile(join(folder, PLACES.exit), 'utf8')).toBe('5\n');
    expect(await readFile(join(folder, PLACES.log), 'utf8')).toContain('out\n');
    await rm(folder, { recursive: true });
  },
);

async function openProcessSubject(disk?: string): Promise<ContractSubject & { root: string }> {
  const folder = disk ?? (await mkdtemp(join(tmpdir(), 'processes-')));
  const settings = {
    root: join(folder, 'processes'),
    snapshots: {
      async unpack(_: unknown, target: string) {
        for (const [name, content] of Object.entries(SOURCE_FILES)) {
          await mkdir(dirname(join(target, name)), { recursive: true });
          await writeFile(join(target, name), content);
        }
      },
    },
  };
  return {
    root: settings.root,
    openWorker: () => ({ executor: processExecutor(settings), host: processHost(settings) }),
    image: null,
    imageDigest: async () => null,
    source: { kind: 'copy', snapshot: { digest: 'd', files: 2, bytes: 20 } },
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    // A disk is its test's own.
    dispose: () => rm(disk === undefined ? folder : settings.root, { recursive: true, force: true }),
  };
}
