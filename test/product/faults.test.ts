import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

describeWith(['docker', 'temporal'], 'what goes wrong is named', () => {
  let product: Product;
  beforeAll(() => {
    product = openProduct();
  });
  afterAll(async () => {
    await product.dispose();
  });
  const run = (text: string, ...flags: string[]) => {
    writeFileSync(join(product.folder, 'p.kdl'), text);
    return product.run('run', 'p.kdl', ...flags);
  };

  test('a missing image is errored, exit 7, with the image named', async () => {
    const { code, stderr } = await run(
      'pipeline "p"\nstage "a" { image "buildit.invalid/none:1" pull="never"; run "true" }',
    );
    expect(stderr).toContain('buildit.invalid/none:1');
    expect(code).toBe(7);
  });

  test('a failing command is failed, exit 1, with its step', async () => {
    const { code, stderr } = await run(
      'pipeline "p"\nstage "a" { executor "process"; run "true"; run "echo broken; exit 4" }',
    );
    expect(stderr).toContain('step 2 of 2 exited 4');
    expect(stderr).toContain('broken');
    expect(code).toBe(1);
  });

  test('a time limit is timed-out, exit 124', async () => {
    const { code } = await run(
      'pipeline "p"\nstage "a" { executor "process"; timeout "1s"; grace "1s"; run "sleep 30" }',
    );
    expect(code).toBe(124);
  });

  test('without Docker a file with images ends with exit 3 and says what to do', async () => {
    writeFileSync(join(product.folder, 'p.kdl'), 'pipeline "p"\nstage "a" { image "busybox:1.37"; run "true" }');
    product.environment['DOCKER_HOST'] = 'unix:///nonexistent/docker.sock';
    const { code, stderr } = await product.run('run', 'p.kdl');
    delete product.environment['DOCKER_HOST'];
    expect(stderr).toContain('error[docker-unreachable]');
    expect(stderr).toContain('--executor process');
    expect(code).toBe(3);
  });

  test('a stage without an image and without an executor is refused, exit 2', async () => {
    const { code, stderr } = await run('pipeline "p"\nstage "a" { run "true" }');
    expect(stderr).toContain('executor "process"');
    expect(code).toBe(2);
  });
});
