import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';
import { openServerHome, type ServerHome } from '../testing/server-home.ts';

vi.setConfig({ testTimeout: 60_000 });

const TEXT = 'stage "build" {\n  image "busybox:1.37"\n  run "echo built"\n}\n';

describe('pipelines of a server', () => {
  const use = useServer();
  let home: ServerHome;
  beforeAll(() => {
    home = openServerHome(use().port, { ann: use().people.ann, bo: use().people.bo }, 'acme/shop');
    home.write('.buildit.kdl', TEXT);
    home.write('broken.kdl', 'stage "build" {\n  image "busybox:1.37"\n}\n');
  });
  afterAll(() => home.close());

  test('a pipeline is made of a file that compiles, listed and shown', async () => {
    expect(await home.as('ann', 'pipelines', 'create', 'shop-api', 'broken.kdl')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('error[KDL'),
    });
    expect(await home.as('ann', 'pipelines', 'create', 'shop-api')).toMatchObject({
      exit: 0,
      stdout: '',
      stderr: 'acme/shop has the pipeline shop-api. Next: buildit trigger shop-api --follow\n',
    });
    expect(await home.as('ann', 'pipelines', 'create', 'shop-api')).toMatchObject({ exit: 9 });
    expect((await home.as('bo', 'pipelines', 'list')).stdout).toBe(
      'pipeline  last       run  started  branch  default  workspace  description\nshop-api  never ran                                 acme/shop\n',
    );
    expect((await home.as('bo', 'pipelines', 'show', 'shop-api')).stdout).toBe(TEXT);
    expect(JSON.parse((await home.as('bo', 'pipelines', 'show', 'shop-api', '-o', 'json')).stdout)).toMatchObject({
      ...{ name: 'shop-api', workspace: 'acme/shop', version: 1, text: TEXT },
    });
    expect(await home.as('bo', 'pipelines', 'show', 'shop-apo')).toMatchObject({ exit: 5 });
  });

  test('a new text is a version; who may not write is told so with 4', async () => {
    home.write('next.kdl', `// faster\n${TEXT}`);
    expect(await home.as('ann', 'pipelines', 'edit', 'shop-api', 'next.kdl', '--message', 'faster')).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('shop-api is at version 2'),
    });
    expect(await home.as('ann', 'pipelines', 'edit', 'shop-api', 'next.kdl')).toMatchObject({
      exit: 0,
      stderr: 'The text of shop-api is what it was.\n',
    });
    const refused = await home.as('bo', 'pipelines', 'edit', 'shop-api', '.buildit.kdl');
    expect(refused).toMatchObject({ exit: 4, stderr: expect.stringContaining('error[not-allowed]') });
  });

  test('the editor gets the text and what it leaves is the next version; one that fails changes nothing', async () => {
    home.write('editor', '#!/bin/sh\necho "// by hand" >> "$1"\n');
    chmodSync(join(home.folder, 'editor'), 0o755);
    const edit = (editor: string) =>
      home.runInTerminal(['pipelines', 'edit', 'shop-api'], {
        environment: { ...home.environmentOf('ann'), VISUAL: editor },
      });
    expect((await edit(join(home.folder, 'editor'))).exit).toBe(0);
    expect((await home.as('bo', 'pipelines', 'show', 'shop-api')).stdout).toBe(`// faster\n${TEXT}// by hand\n`);
    expect((await edit('false')).screen.join('\n')).toContain('error[editor-failed]');
  });

  test('a disabled pipeline starts no run: exit 9', async () => {
    expect(await home.as('ann', 'pipelines', 'disable', 'shop-api')).toMatchObject({ exit: 0 });
    expect(await home.as('bo', 'trigger', 'shop-api')).toMatchObject({ exit: 9 });
    expect(await home.as('ann', 'pipelines', 'enable', 'shop-api')).toMatchObject({ exit: 0 });
  });

  test('a run is triggered, and found by number, label, address, folder and @last', async () => {
    expect(await home.as('bo', 'trigger', 'shop-api', '--branch', 'main')).toMatchObject({
      exit: 0,
      stdout: 'shop-api#1\n',
      stderr: 'Next: buildit runs watch shop-api#1 · buildit cancel shop-api#1\n',
    });
    const { port } = use();
    for (const name of [
      ...['shop-api#1', 'shop-api#1.1', '@last'],
      `http://127.0.0.1:${port.port}/acme/shop/pipelines/shop-api/runs/1/stages/build`,
    ]) {
      expect((await home.as('bo', 'runs', 'show', name, '-o', 'name')).stdout).toBe('shop-api#1\n');
    }
    expect(await home.as('bo', 'runs', 'show', '1')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('the run 1 of which pipeline?'),
    });
    home.write('.buildit.kdl', `pipeline "shop-api"\n${TEXT}`);
    expect((await home.as('bo', 'runs', 'show', '1', '-o', 'name')).stdout).toBe('shop-api#1\n');
    expect((await home.as('bo', 'runs', 'list', '--no-headers')).stdout).toMatch(/^shop-api#1 +\w+ +shop-api /);
    expect(await home.as('bo', 'runs', 'show', 'shop-api#2')).toMatchObject({ exit: 5 });
  });

  test('a followed run ends the command with its ending; Ctrl-C leaves it running with 130', async () => {
    let isPressed = false;
    const left = await home.as('bo', ['trigger', 'shop-api', '--follow'], {
      onOutput: (text, child) => {
        if (!isPressed && text.includes('run shop-api#')) isPressed = child.kill('SIGINT');
      },
    });
    expect(left).toMatchObject({ exit: 130, stderr: expect.stringContaining('buildit cancel shop-api#2') });
    const { body: run } = await use().bo('GET', '/pipelines/shop-api/runs/2?workspace=acme/shop');
    expect(run.status.kind).not.toBe('ended');

    const watched = home.as('bo', ['runs', 'watch', 'shop-api#2']);
    await playBatch(use().api, run, 1, { run: running, nodes: [node('build', running)] });
    await playBatch(use().api, run, 2, { run: ended('failed'), nodes: [node('build', ended('failed'))] });
    expect(await watched).toMatchObject({ exit: 1 });
  });

  test('two runs are compared, with what differs', async () => {
    const { stdout } = await home.as('bo', 'runs', 'compare', 'shop-api#1', '2');
    expect(stdout).toBe('what   shop-api#1  shop-api#2  difference\nbuild  open        failed\n');
  });

  test('on a server nobody decides as somebody else', async () => {
    expect(await home.as('bo', 'approve', 'shop-api#1', '--as', 'user:ann')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('error[as-local-only]'),
    });
  });

  test('a page is opened in the browser, and its address printed', async () => {
    const opened = join(home.folder, 'opened');
    home.write('browser', `#!/bin/sh\necho "$1" > ${opened}\n`);
    chmodSync(join(home.folder, 'browser'), 0o755);
    const environment = { BROWSER: join(home.folder, 'browser') };
    const url = `http://127.0.0.1:${use().port.port}`;
    expect((await home.as('bo', ['open', 'shop-api#1'], { environment })).stdout).toBe(
      `${url}/acme/shop/pipelines/shop-api/runs/1\n`,
    );
    await expect.poll(() => existsSync(opened) && readFileSync(opened, 'utf8')).toContain('/runs/1\n');
    expect((await home.as('bo', ['open', 'shop-api'], { environment })).stdout).toBe(
      `${url}/acme/shop/pipelines/shop-api\n`,
    );
    expect((await home.as('bo', ['open'], { environment: { BROWSER: '/nowhere' } })).stderr).toContain('set BROWSER');
  });

  test('names of pipelines and runs complete', async () => {
    const environment = { BUILDIT_COMPLETE: '1' };
    expect((await home.as('bo', ['trigger', 'sh'], { environment })).stdout).toBe('shop-api\n');
    expect((await home.as('bo', ['runs', 'show', 'shop'], { environment })).stdout).toBe('shop-api#2\nshop-api#1\n');
  });
});
