import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn as spawnPty, type IPty } from '@lydell/node-pty';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

const LAUNCHER = fileURLToPath(new URL('../../buildit', import.meta.url));
const FILE = (executor: string) => `pipeline "shell" {
    executor "${executor}"
    ${executor === 'docker' ? 'image "busybox:1.37"' : ''}
}
stage "test" {
    secret "TOKEN"
    env "COLOUR" "blue"
    run "echo made > file.txt; exit 3"
}
`;

/** A command at a terminal of 80 by 24. */
interface Typed {
  /** Resolves when the text has appeared after what was waited for before. */
  shows(text: string): Promise<void>;
  type(text: string): void;
  /** Exit code. */
  ended: Promise<number>;
}

/** Three commands, and an image's first container, each. */
const LONG_MS = 90_000;

describeWith(['docker', 'temporal'], 'a terminal in a stage', () => {
  let product: Product;
  beforeAll(() => {
    product = openProduct();
    writeFileSync(join(product.folder, 'secrets.env'), 'TOKEN=hunter22\n');
  });
  afterAll(async () => {
    await product.dispose();
  });

  test.each(['process', 'docker'])(
    'of a stage that failed (%s) shows its workspace as it left it',
    async (executor) => {
      const others = new Set(listShellContainers());
      const typed = await start('run', executor, '--shell-on-failure');
      await typed.shows('Release TOKEN into this shell?');
      typed.type(executor === 'docker' ? 'y\r' : 'n\r');
      await typed.shows('the workspace is as it left it');
      typed.type('cat file.txt; echo $((40+2)) $COLOUR [${TOKEN#hunter}]; stty size\r');
      await typed.shows('made');
      await typed.shows(executor === 'docker' ? '42 blue [22]' : '42 blue []');
      await typed.shows('24 80');
      typed.type('exit\r');
      await typed.shows('exit 3 in step 1');
      expect(await typed.ended).toBe(1);
      // After the end: as it began; the values of a local run's secrets are gone with it.
      const withSecret = await at('shell', '@last', 'test', '--yes');
      await withSecret.shows('No value for the secret TOKEN');
      expect(await withSecret.ended).toBe(7);
      const again = await at('shell', '@last', 'test');
      await again.shows('Release TOKEN');
      again.type('\r');
      await again.shows('the workspace is as it was when it began');
      // Nor has it a part in what the stage hands over.
      again.type('echo "[$BUILDIT_OUTPUT][$(ls /buildit/exchange 2>/dev/null)]"; ls file.txt; exit\r');
      await again.shows('[][]');
      await again.shows('No such file');
      expect(await again.ended).toBe(0);
      // It is removed once its person has heard of its end.
      const left = () => listShellContainers().filter((name) => !others.has(name));
      await expect.poll(left, { timeout: 10_000 }).toEqual([]);
    },
    LONG_MS,
  );

  test('before a stage begins shows what it will find, and the stage runs when it is left', async () => {
    const typed = await start('run', 'process', '--break', 'test');
    await typed.shows('before it begins');
    await typed.shows('Release TOKEN');
    typed.type('\r');
    await typed.shows('has not begun');
    typed.type('ls; exit\r');
    await typed.shows('exit 3 in step 1');
    expect(await typed.ended).toBe(1);
  });

  test('without a terminal the held stage is named with the command, and a cancel ends it', async () => {
    const running = product.start('run', write('process'), '--secret-file', 'secrets.env', '--shell-on-failure');
    await running.shows('test is held: buildit shell local/');
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(stderr).toContain('cancelled');
    expect(code).toBe(130);
    const { code: refused, stderr: said } = await product.run('shell', '@last', 'test');
    expect([refused, said]).toEqual([2, expect.stringContaining('a shell needs a terminal')]);
  });

  function write(executor: string): string {
    writeFileSync(join(product.folder, `${executor}.kdl`), FILE(executor));
    return `${executor}.kdl`;
  }
  const start = (command: string, executor: string, ...flags: string[]) =>
    at(command, write(executor), '--secret-file', 'secrets.env', ...flags);

  async function at(...args: string[]): Promise<Typed> {
    const { CI: _, ...environment } = product.environment;
    const pty: IPty = spawnPty(LAUNCHER, args, {
      ...{ cols: 80, rows: 24, cwd: product.folder },
      env: { ...environment, TERM: 'xterm' } as Record<string, string>,
    });
    onTestFinished(() => pty.kill());
    let text = '';
    let from = 0;
    const waiting = new Set<() => void>();
    pty.onData((data) => {
      text += data;
      waiting.forEach((look) => look());
    });
    const ended = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
    return {
      shows: (wanted) =>
        new Promise((resolve, reject) => {
          const look = () => {
            const index = text.indexOf(wanted, from);
            if (index === -1) return;
            from = index + wanted.length;
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
          look();
          void ended.then(() => reject(new Error(`"${wanted}" was never shown:\n${text.slice(-2_000)}`)));
        }),
      type: (keys) => pty.write(keys),
      ended,
    };
  }
});

function listShellContainers(): string[] {
  const names = execFileSync('docker', ['ps', '-a', '--format', '{{.Names}}']).toString().split('\n');
  return names.filter((name) => name.includes('-shell-'));
}
