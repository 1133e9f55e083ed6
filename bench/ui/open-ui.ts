import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { type TestApi, startApi } from '#test/env/api.ts';
import { askAs, type Ask } from '#test/env/ask.ts';
import { locateChromium } from '#test/env/chromium.ts';
import { addOrganization, addPerson, openPort } from '#test/env/people.ts';
import { startPostgres } from '#test/env/postgres.ts';

/** The built interface in a Chromium, signed in as the owner of `acme`, with the workspace `shop`. */
export interface BenchUi {
  api: TestApi;
  owner: Ask;
  page: Page;
  origin: string;
  stop(): Promise<void>;
}

const HOME = resolve(import.meta.dirname, '../..');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];

export async function openUi(): Promise<BenchUi> {
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', resolve(HOME, 'web/build/main.ts')]);
  const postgres = await startPostgres();
  const api = await startApi(postgres);
  const acme = await addOrganization(api.database, 'acme', ['shop']);
  const owner = await addPerson(api.database, 'ann', { organizationId: acme.id, role: 'owner' });
  const port = await openPort(api.context);
  const origin = `http://${port.host}:${port.port}`;
  const browser = await chromium.launch({ executablePath: locateChromium() ?? '', args: FLAGS });
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, reducedMotion: 'reduce' });
  const [name = '', value = ''] = owner.cookie.split('=');
  await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Lax' }]);
  return {
    ...{ api, origin, owner: askAs(port, owner), page: await context.newPage() },
    async stop() {
      await browser.close();
      await port.close();
      await api.stop();
      await postgres.stop();
    },
  };
}
