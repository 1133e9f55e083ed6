import { type Folder, type Project, type ProjectCache, stageOf } from '../project.ts';

/** Tests to read on the screen, and as a report of single ones. */
const NODE_TEST =
  'node --test --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=report.xml';

/** What `npm init` writes; it fails on purpose. */
const NO_TEST = /no test specified/;

/** A Node project by its package.json: its own scripts with its own package manager. */
export function findNode(folder: Folder): Project | null {
  const text = folder.read('package.json');
  if (text === null) return null;
  const { scripts, engines } = readPackage(text);
  const { install, run, cache } = choosePackageManager(folder);
  const hasTest = scripts['test'] !== undefined && !NO_TEST.test(scripts['test']);
  const test = hasTest ? [`${run} test`] : [NODE_TEST];
  const lint = scripts['lint'] === undefined ? [] : [`${run} lint`];
  const version = /\d+/.exec(folder.read('.nvmrc') ?? folder.read('.node-version') ?? engines)?.[0] ?? '24';
  const stages = [
    {
      ...stageOf('test', 'All scripts of a stage share one container and one folder.', [...install, ...lint, ...test]),
      reports: hasTest ? [] : ['report.xml'],
    },
  ];
  if (scripts['build'] !== undefined) {
    const keep = 'artifact "dist" { path "dist/**"; expire "7d" }';
    stages.push(stageOf('build', 'Runs when the tests have passed.', [...install, `${run} build`], [keep]));
  }
  return { kind: 'node', evidence: 'package.json', image: `node:${version}`, stages, cache };
}

function choosePackageManager(folder: Folder): { install: string[]; run: string; cache: ProjectCache | null } {
  if (folder.has('pnpm-lock.yaml')) {
    const cache = { name: 'pnpm', paths: ['~/.local/share/pnpm/store'], lock: 'pnpm-lock.yaml' };
    return { install: ['corepack enable', 'pnpm install --frozen-lockfile'], run: 'pnpm run', cache };
  }
  if (folder.has('yarn.lock')) {
    const cache = { name: 'yarn', paths: ['~/.yarn/berry/cache'], lock: 'yarn.lock' };
    return { install: ['corepack enable', 'yarn install --immutable'], run: 'yarn run', cache };
  }
  const isLocked = folder.has('package-lock.json');
  const cache = { name: 'npm', paths: ['~/.npm'], lock: 'package-lock.json' };
  return { install: [isLocked ? 'npm ci' : 'npm install'], run: 'npm run', cache: isLocked ? cache : null };
}

/** What of a package.json is of use; nothing where it is no JSON, which npm will say. */
function readPackage(text: string): { scripts: Record<string, string>; engines: string } {
  const found = { scripts: {} as Record<string, string>, engines: '' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return found;
  }
  const scripts = fieldOf(parsed, 'scripts');
  for (const name of ['test', 'lint', 'build']) {
    const script = fieldOf(scripts, name);
    if (typeof script === 'string') found.scripts[name] = script;
  }
  const engine = fieldOf(fieldOf(parsed, 'engines'), 'node');
  return { ...found, engines: typeof engine === 'string' ? engine : '' };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
