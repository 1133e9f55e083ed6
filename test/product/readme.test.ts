import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

const HOME = join(import.meta.dirname, '..', '..');
const ADDRESS = 'http://127.0.0.1:30080';
/** A state is waited for at most this long; the machine may be busy with other tests. */
const SOON = { timeout: 90_000, interval: 100 };
const PASSWORD = 'correct horse battery';

/** What people do in a browser: the pages' own forms. */
interface Browser {
  post(path: string, fields: Record<string, string>): Promise<number>;
  get(path: string): Promise<string>;
}

describeWith(['docker', 'temporal'], 'the team server of README', () => {
  vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });
  let product: Product;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    product = openProduct();
    symlinkSync(join(HOME, 'buildit'), join(product.folder, 'buildit'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGTERM');
    // Not as somebody who is signed in at a server that has gone.
    writeFileSync(product.environment['BUILDIT_CONFIG'] ?? '', '');
    await product.dispose();
  });

  /** Runs a command with the whole section's environment and gathers what it prints. */
  const start = (command: string, args: string[], cwd: string) => {
    const child = spawn(command, args, { cwd, env: product.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += String(chunk)));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const shows = async (pattern: RegExp, from = 0): Promise<string> => {
      await expect.poll(() => (child.exitCode === null ? pattern.test(text.slice(from)) : text), SOON).toBeTruthy();
      const found = pattern.exec(text.slice(from));
      if (!found) throw new Error(`no ${String(pattern)} in\n${text}`);
      return found[1] ?? found[0];
    };
    return { child, ended, shows, length: () => text.length, text: () => text };
  };

  test('works as it is printed: the first visit, pipelines by command and curl, a stream, a second account', async () => {
    const [first = '', ...blocks] = readBlocks();
    expect(first.trim()).toBe('npm start');
    const server = start('npm', ['start'], HOME);
    const url = await server.shows(/BuildIt serves (\S+)\n/);
    const setup = await server.shows(/http\S+\/setup\?token=(\S+)\n/);
    const ann = openBrowser(url);
    expect(await ann.post('/setup', { token: setup, ...describeAccount('ann') })).toBe(303);

    writeFileSync(join(product.folder, 'all.sh'), blocks.join('').replaceAll(ADDRESS, url));
    const script = start('bash', ['-euo', 'pipefail', 'all.sh'], product.folder);
    await confirm(ann, await script.shows(/^Code\s+(\S+)$/m));
    // The stream of curl ends with the run.
    await script.shows(/^event: end$/m);
    await script.shows(/"ending":"passed"/);

    const invitation = await script.shows(/\/invitation\?token=(\S+)\n/);
    const bo = openBrowser(url);
    expect(await bo.post('/invitation', { token: invitation, ...describeAccount('bo') })).toBe(303);
    const behind = script.text().indexOf(invitation);
    const code = await script.shows(/^Code\s+(\S+)$/m, behind);
    // A person takes longer than the stage before the gate.
    await expect.poll(() => ann.get('/api/v1/me/inbox'), SOON).toContain('ship');
    await expect.poll(() => bo.get('/api/v1/me/inbox'), SOON).toContain('release');
    await confirm(bo, code);
    expect(await script.ended, script.text()).toBe(0);

    server.child.kill('SIGTERM');
    await server.ended;
  });
});

/** The shell blocks of the section, in order. */
function readBlocks(): string[] {
  const text = readFileSync(join(HOME, 'README.md'), 'utf8');
  const section = /^## A team server\n(.*?)^## /ms.exec(text)?.[1] ?? '';
  return [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block ?? '');
}

function describeAccount(name: string): Record<string, string> {
  return { name, email: `${name}@example.com`, password: PASSWORD };
}

async function confirm(browser: Browser, code: string): Promise<void> {
  // Looking at the code ties it to who looks.
  expect(await browser.get(`/login/device?code=${code}`)).toContain(code);
  expect(await browser.post('/login/device', { code, verdict: 'confirm' })).toBe(200);
}

function openBrowser(url: string): Browser {
  let cookie = '';
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { Cookie: cookie, Origin: url },
    });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return answer;
  };
  return {
    post: async (path, fields) => (await send(path, { method: 'POST', body: new URLSearchParams(fields) })).status,
    get: async (path) => (await send(path, {})).text(),
  };
}
