import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

const HOME = fileURLToPath(new URL('../../', import.meta.url));
/** Not part of a copy of the sources. */
const LEFT_OUT = new Set(['node_modules', '.git', '.cache']);

describeWith(['docker', 'temporal'], 'the engine, with real runs', () => {
  const products: Product[] = [];
  const open = (environment: Record<string, string> = {}): Product => {
    const product = openProduct();
    Object.assign(product.environment, environment);
    products.push(product);
    return product;
  };
  const write = (product: Product, text: string) => writeFileSync(join(product.folder, 'p.kdl'), text);
  /** Containers of a stage that run. */
  const listContainers = (stage: string) =>
    execFileSync('docker', ['ps', '-q', '--filter', `label=buildit.stage=${stage}`], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean);
  afterEach(async () => {
    for (const product of products.splice(0)) await product.dispose();
  });

  test('two engines on one Docker daemon leave each other alone', async () => {
    const [one, other] = [open(), open()];
    write(
      one,
      'pipeline "p"\nstage "two-engines" { image "busybox:1.37"; run "echo begun; until [ -e /tmp/go ]; do sleep 0.1; done; echo over" }',
    );
    write(other, 'pipeline "p"\nstage "quick" { image "busybox:1.37"; run "true" }');
    const running = one.start('run', 'p.kdl');
    await running.shows('begun');
    expect((await other.run('run', 'p.kdl')).code).toBe(0);
    expect((await other.run('engine', 'stop')).code).toBe(0);
    const left = listContainers('two-engines');
    expect(left).toHaveLength(1);
    for (const id of left) execFileSync('docker', ['exec', id, 'touch', '/tmp/go']);
    const { code, stdout } = await running.ended;
    expect(stdout).toContain('over');
    expect(code).toBe(0);
  }, 120_000);

  test('a command of another content version takes over while a run is open, and the run goes on', async () => {
    const product = open();
    write(
      product,
      `pipeline "p"
       stage "a" { executor "process"; run "echo a >> ledger; echo begun; sleep 8" }
       stage "b" needs="a" { executor "process"; run "echo b >> ledger" }`,
    );
    const running = product.start('run', 'p.kdl', '--in-place');
    await running.shows('begun');
    const copy = copySources();
    try {
      appendFileSync(join(copy, 'core', 'ids.ts'), '\n// Another version.\n');
      const listed = execFileSync(join(copy, 'buildit'), ['runs', 'list'], {
        cwd: product.folder,
        env: product.environment,
        encoding: 'utf8',
      });
      expect(listed).toContain('running');
      const { code, stderr } = await running.ended;
      expect(stderr).toContain('2 passed');
      expect(code).toBe(0);
      expect(readFileSync(join(product.folder, 'ledger'), 'utf8')).toBe('a\nb\n');
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }, 90_000);

  test('it leaves while a gate waits, and the decision brings it back', async () => {
    const product = open({ BUILDIT_IDLE_AFTER_MS: '2000' });
    write(
      product,
      `pipeline "p"
       gate "ship" { approve from="team:sre" }
       stage "after" needs="ship" { executor "process"; run "echo shipped" }`,
    );
    expect((await product.run('run', 'p.kdl', '--detach')).code).toBe(0);
    // Asking for its status does not count as using it.
    await expect
      .poll(async () => (await product.run('engine', 'status')).stdout, { timeout: 40_000, interval: 1_000 })
      .not.toContain('supervisor');
    expect((await product.run('approve', '@last', 'ship', '--as', 'team:sre/ann')).code).toBe(0);
    const watched = await product.run('runs', 'watch', '@last');
    expect(watched.stdout).toContain('shipped');
    expect(watched.code).toBe(0);
  }, 90_000);
});

/** The sources without what is installed, which both copies share. */
function copySources(): string {
  const copy = mkdtempSync(join(tmpdir(), 'buildit-version-'));
  for (const name of readdirSync(HOME)) {
    if (!LEFT_OUT.has(name)) cpSync(join(HOME, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(HOME, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
