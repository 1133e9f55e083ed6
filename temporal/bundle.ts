import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** All the sources a bundle may contain: the linter keeps workflows from importing more. */
const SOURCES = ['core', 'workflows'];
const FOLDER = join(ROOT, '.cache', 'workflows');
const BUILDER = join(import.meta.dirname, 'build.ts');

/**
 * Path of the prebuilt workflow bundle for the sources as they are: built when absent
 * (2–4 s with webpack), found by content otherwise. A worker that bundles at each start
 * would need 3.7 s instead of 0.5 s (ARCHITECTURE §4). Built by a process of its own: what
 * webpack takes, 200 MB among it, ends with that.
 */
export async function ensureBundle(): Promise<string> {
  const path = await nameBundle();
  if (!(await exists(path))) await promisify(execFile)(process.execPath, [BUILDER]);
  return path;
}

/** Builds the bundle where there is none. */
export async function makeBundle(): Promise<void> {
  const path = await nameBundle();
  if (await exists(path)) return;
  await mkdir(FOLDER, { recursive: true });
  const code = await buildBundle();
  // Written aside and renamed: two builders at once are harmless, a reader never sees half.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, code);
  await rename(draft, path);
  await removeOthers(path);
}

async function nameBundle(): Promise<string> {
  return join(FOLDER, `${await computeKey()}.js`);
}

async function buildBundle(): Promise<string> {
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows', 'index.ts'),
    workflowInterceptorModules: [join(ROOT, 'workflows', 'trace.ts')],
    logger: silentLogger,
  });
  return leaveOutSources(code);
}

/** The map of the bundle repeats all sources, a third of the file, which every start reads: lines are found without. */
function leaveOutSources(code: string): string {
  const mark = 'base64,';
  const markAt = code.lastIndexOf(mark);
  if (markAt === -1) throw new Error('the bundle of workflows ends with no map of its lines');
  const at = markAt + mark.length;
  const map: { sourcesContent?: string[] } = JSON.parse(Buffer.from(code.slice(at), 'base64').toString());
  delete map.sourcesContent;
  return code.slice(0, at) + Buffer.from(JSON.stringify(map)).toString('base64');
}

/** SHA-256 over the sources, the SDK's version and this file: they decide what is in the bundle. */
async function computeKey(): Promise<string> {
  const hash = createHash('sha256');
  const sdk = await readFile(join(ROOT, 'node_modules/@temporalio/worker/package.json'), 'utf8');
  hash.update(sdk);
  hash.update(await readFile(new URL(import.meta.url)));
  for (const folder of SOURCES) {
    const names = await readdir(join(ROOT, folder), { recursive: true });
    for (const name of names.filter(isSource).toSorted()) {
      hash.update(`\0${folder}/${name}\0`).update(await readFile(join(ROOT, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

function isSource(name: string): boolean {
  return name.endsWith('.ts') && !name.endsWith('.test.ts');
}

/** Keeps the newest few: a worker of another content version may still start from its own. */
async function removeOthers(path: string): Promise<void> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.js') && !path.endsWith(name));
  if (names.length < 8) return;
  await Promise.all(names.map((name) => rm(join(FOLDER, name), { force: true })));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

const silentLogger = {
  log: () => {},
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: (message: string) => process.stderr.write(`${message}\n`),
  error: (message: string) => process.stderr.write(`${message}\n`),
};
