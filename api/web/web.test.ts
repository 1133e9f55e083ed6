import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, ask, openPort, type TestPerson } from '#test/env/people.ts';
import { useApi } from '#test/env/use-api.ts';
import type { ServedPort } from '../serve.ts';
import { openWebBundle } from './bundle.ts';
import { isPageAddress } from './routes.ts';

const SCRIPT = "document.documentElement.dataset.theme = 'dark';";
const PAGE = `<!doctype html><title>BuildIt</title><script>${SCRIPT}</script>`;
const CODE = `export const text = '${'x'.repeat(2_000)}';`;

describe('the web interface', () => {
  const useIt = useApi();
  let folder = '';
  let port: ServedPort;
  let ann: TestPerson;
  beforeAll(async () => {
    const api = useIt();
    folder = join(api.folder, 'dist');
    port = await openPort({ ...api.context, web: openWebBundle(folder) });
    ann = await addPerson(api.database, 'ann');
  });
  afterAll(() => port.close());

  const get = (path: string, headers: Record<string, string> = {}) => ask(port, 'GET', path, { as: ann, headers });
  const build = async (page = PAGE) => {
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(folder, 'index.html'), page);
    await writeFile(join(folder, 'assets', 'index-abc.js'), CODE);
    await writeFile(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync(CODE));
    await writeFile(join(folder, 'assets', 'index-abc.js.gz'), gzipSync(CODE));
    await writeFile(join(folder, 'secret.txt'), 'no');
  };

  test('without a build there is a page that says what to do', async () => {
    await rm(folder, { recursive: true, force: true });
    expect(await get('/')).toMatchObject({ status: 503, text: expect.stringContaining('npm run build') });
  });

  test('every page of it is the one page, kept by nobody, under a strict policy', async () => {
    await build();
    for (const path of [
      '/',
      '/main/main',
      '/main/main/pipelines/hello/runs/1.2',
      '/settings/profile',
      '/admin',
      '/r/17',
    ]) {
      const page = await get(path);
      expect(page, path).toMatchObject({ status: 200, text: PAGE });
      expect(page.headers.get('cache-control')).toBe('no-store');
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'; script-src 'self' 'sha256-");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
    }
  });

  test('who is not signed in is sent to the form, with the way back', async () => {
    await build();
    const away = await ask(port, 'GET', '/main/main/runs?q=status%3Afailed');
    expect(away.status).toBe(302);
    expect(away.headers.get('location')).toBe('/login?return=%2Fmain%2Fmain%2Fruns%3Fq%3Dstatus%253Afailed');
    expect((await ask(port, 'GET', '/')).headers.get('location')).toBe('/login');
  });

  test('files go out compressed as the client takes them, for ever, and not twice', async () => {
    await build();
    const encodingOf = async (accepted: string) =>
      (await get('/assets/index-abc.js', { 'Accept-Encoding': accepted })).headers.get('content-encoding');
    expect(await encodingOf('gzip, deflate, br')).toBe('br');
    expect(await encodingOf('gzip, br;q=0')).toBe('gzip');
    expect(await encodingOf('identity')).toBeNull();
    const file = await get('/assets/index-abc.js');
    expect(file.text).toBe(CODE);
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(file.headers.get('vary')).toBe('Accept-Encoding');
    const again = await get('/assets/index-abc.js', { 'If-None-Match': file.headers.get('etag') ?? '' });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  test('nothing but the files of the build is served', async () => {
    await build();
    const paths = ['/assets/none.js', '/assets/..%2Fsecret.txt', '/assets/..%2Findex.html', '/assets/', '/assets/.js'];
    for (const path of paths) expect((await get(path)).status, path).toBe(404);
  });

  test('a new build is served without a restart', async () => {
    await build();
    expect((await get('/')).text).toBe(PAGE);
    await build(`${PAGE}<p>newer</p>`);
    expect((await get('/')).text).toContain('newer');
  });

  test('the API, files and probes are no pages of it', async () => {
    await build();
    for (const path of ['/api/nothing', '/api/v1/nothing', '/health/x', '/docs/x', '/webhooks/x', '/metrics/x']) {
      expect((await get(path)).headers.get('content-type'), path).toBe('application/problem+json');
    }
    expect(['/x.php', '/favicon.ico', '/.env', '/acme', '/acme/', '/Acme/Shop'].filter(isPageAddress)).toEqual([]);
    expect(['/', '/acme/shop', '/acme/settings/members', '/r/x', '/settings'].every(isPageAddress)).toBe(true);
  });
});
