import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { fresh } from '../env/fresh.ts';
import { openProduct, type Product, type Running } from './product.ts';

const LINES = 60;
const FILE = `pipeline "demo" { executor "process" }
stage "count" { run "for i in $(seq 1 ${LINES}); do echo line $i; sleep 0.05; done" }
gate "ship" needs="count" { approve from="user:ann" }
stage "deploy" needs="ship" { run "echo deployed" }
`;

/** A browser of one session: it keeps the cookie and says where its forms come from. */
function openBrowser(url: string) {
  let cookie = '';
  return async (method: string, path: string, form?: Record<string, string>) => {
    const answer = await fetch(new URL(path, url), {
      ...{ method, redirect: 'manual' },
      headers: { Origin: url, ...(cookie === '' ? {} : { Cookie: cookie }) },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return answer;
  };
}

describeWith(['temporal'], 'the command line and a server', () => {
  /** Serves, and is the machine of who uses the server as well. */
  let product: Product;
  let serving: Running;
  let url = '';
  /** Of who has made the first account, which can be made once; and how that was answered. */
  let browser: ReturnType<typeof openBrowser>;
  let made = 0;
  /** The pipeline that is followed, of the try that made it. */
  let demo = '';
  beforeAll(async () => {
    product = openProduct();
    product.environment['BUILDIT_PROCESS_EXECUTOR'] = 'on';
    serving = product.start('server', '--port', '0', '-o', 'json');
    await serving.shows('"setupUrl"');
    const said = JSON.parse(serving.output().stdout) as { url: string; setupUrl: string };
    ({ url } = said);
    writeFileSync(join(product.folder, 'demo.kdl'), FILE);
    browser = openBrowser(url);
    const token = new URL(said.setupUrl).searchParams.get('token') ?? '';
    const account = { name: 'ann', email: 'ann@example.com', password: 'a long enough sentence' };
    made = (await browser('POST', '/setup', { token, ...account })).status;
  });
  afterAll(async () => {
    serving.process.kill('SIGTERM');
    await serving.ended;
    await product.run('config', 'use', 'local');
    await product.dispose();
  });

  test('the first visit makes an account, and a code confirmed there signs the command line in', async () => {
    expect(made).toBe(303);
    const login = product.start('login', url, '--name', 'team');
    await login.shows('Code  ');
    const code = /Code {2}(\S+)/.exec(login.output().stderr)?.[1] ?? '';
    expect((await browser('GET', `/login/device?code=${code}`)).status).toBe(200);
    expect((await browser('POST', '/login/device', { code, verdict: 'confirm' })).status).toBe(200);
    expect(await login.ended).toMatchObject({ code: 0 });
  });

  test('a run that is followed over a cut connection is shown whole, each line once', async () => {
    demo = fresh('demo');
    expect(await product.run('pipelines', 'create', demo, 'demo.kdl')).toMatchObject({ code: 0 });
    const following = product.start('trigger', demo, '--branch', 'main', '--follow');
    await following.shows('line 3\n');
    await product.kill('api');
    await following.shows(`line ${LINES}\n`);
    await following.shows(`buildit approve ${demo}#1 ship`);
    expect(await product.run('approve', `${demo}#1`, 'ship', '--comment', 'go')).toMatchObject({ code: 0 });
    const { code, stdout } = await following.ended;
    expect(code).toBe(0);
    const lines = stdout.split('\n').filter((line) => line.includes('line '));
    expect(lines.map((line) => line.replace(/^.*\| /, ''))).toEqual(
      Array.from({ length: LINES }, (_, index) => `line ${index + 1}`),
    );
  });

  test('logs, stages and inbox of the server are read as those of this machine', async () => {
    expect((await product.run('logs', `${demo}#1`, 'deploy')).stdout).toBe('deployed\n');
    expect(
      (await product.run('runs', 'show', `${demo}#1`, '-o', 'json', '--fields', 'status.kind,startedBy')).stdout,
    ).toBe('{\n  "status.kind": "ended",\n  "startedBy": "user:ann"\n}\n');
    expect((await product.run('why', `${demo}#1`, 'deploy')).stdout).toContain('ship');
    expect(await product.run('inbox')).toMatchObject({ code: 0, stdout: expect.stringContaining(`${demo}#1`) });
  });

  test('a run waits for a decision, is paused, goes on and is cancelled', async () => {
    const label = (await product.run('trigger', demo)).stdout.trim();
    expect(label).toMatch(new RegExp(`^${demo}#[2-9]$`));
    expect(await product.run('runs', 'pause', label)).toMatchObject({ code: 0 });
    expect(await product.run('runs', 'resume', label)).toMatchObject({ code: 0 });
    expect(await product.run('cancel', label)).toMatchObject({ code: 0 });
    expect(await product.run('runs', 'watch', label)).toMatchObject({ code: 130 });
    expect(await product.run('cancel', label)).toMatchObject({ code: 9 });
    expect(await product.run('retry', label, '--all', '--no-wait')).toMatchObject({ code: 0, stdout: `${label}.2\n` });
    expect(await product.run('cancel', `${label}.2`, '--force')).toMatchObject({ code: 0 });
  });

  test('a tree of this machine runs on the server', async () => {
    writeFileSync(join(product.folder, 'notes.txt'), 'from here\n');
    writeFileSync(
      join(product.folder, 'remote.kdl'),
      'pipeline "notes" { executor "process" }\nstage "read" { run "cat notes.txt" }\n',
    );
    const { code, stdout } = await product.run('run', 'remote.kdl', '--remote');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('from here') });
  });

  test('a server that is away ends the command with 3, and the next one is signed in still', async () => {
    serving.process.kill('SIGTERM');
    await serving.ended;
    const away = await product.run('pipelines', 'list', '-o', 'json');
    expect(away).toMatchObject({ code: 3, stdout: '' });
    expect(JSON.parse(away.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({ code: 'api-unreachable' });
    serving = product.start('server', '--port', new URL(url).port, '-o', 'json');
    await serving.shows('"url"');
    expect(await product.run('whoami', '-o', 'name')).toMatchObject({ code: 0, stdout: 'user:ann\n' });
  });
});
