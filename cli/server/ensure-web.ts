import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

const HOME = resolve(import.meta.dirname, '../..');

/** That an API alone has its web interface: it is built where the image is, not where it serves. */
export function requireWeb(home = HOME): void {
  if (existsSync(join(home, 'web/dist/index.html'))) return;
  throw new CommandError(EXIT.notReady, {
    code: 'web-missing',
    message: 'the web interface is not built',
    cause: `there is no ${join(home, 'web/dist')}`,
    fix: 'npm run build, once for this version',
  });
}

/** Builds the web interface when it is not that of the present sources. Throws `web-not-built`, exit 3. */
export async function ensureWeb(home = HOME): Promise<void> {
  const builder = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(home, 'web/build/main.ts')],
    // What it says is told when it fails.
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = Promise.withResolvers<number | null>();
  builder.once('error', ended.reject);
  builder.once('close', ended.resolve);
  const [said, code] = await Promise.all([text(builder.stderr), ended.promise]);
  if (code === 0) return;
  throw new CommandError(EXIT.notReady, {
    code: 'web-not-built',
    message: 'the web interface could not be built',
    cause:
      stripVTControlCharacters(said)
        .split('\n')
        .find((line) => /error/i.test(line))
        ?.trim() ?? `the build ended with ${code}`,
    fix: 'npm run build shows the whole of it; git status shows which sources were changed',
  });
}
