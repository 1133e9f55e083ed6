import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatFile } from '#config/format/format.ts';
import { compile } from '#config/pipeline/compile.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { type Home, openHome } from '../testing/home.ts';
import { findProjects } from './find-projects.ts';
import type { Folder } from './project.ts';
import { renderPipeline } from './render.ts';

interface Variant {
  files: Record<string, string>;
  /** Names and scripts of the stages. */
  stages: Record<string, string[]>;
  /** What has to be on the machine to run it; null where it would fetch from the network. */
  tool: string | null;
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>a</groupId><artifactId>b</artifactId><version>1</version><packaging>pom</packaging></project>`;
const PACKAGE = JSON.stringify({ name: 'a', version: '1.0.0', scripts: { test: 'node a.test.js', build: 'node -v' } });
const LOCK = JSON.stringify({ name: 'a', version: '1.0.0', lockfileVersion: 3, packages: { '': { name: 'a' } } });

const NODE_TEST =
  'node --test --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=report.xml';

const VARIANTS: Record<string, Variant> = {
  nothing: { files: {}, stages: { hello: ['echo Hello from BuildIt'] }, tool: 'sh' },
  'node with npm': {
    files: { 'package.json': PACKAGE, 'package-lock.json': LOCK, 'a.test.js': 'process.exit(0)' },
    stages: { test: ['npm ci', 'npm run test'], build: ['npm ci', 'npm run build'] },
    tool: 'npm',
  },
  'node with pnpm and a linter': {
    files: { 'package.json': JSON.stringify({ scripts: { lint: 'x', test: 'x' } }), 'pnpm-lock.yaml': '' },
    stages: { test: ['corepack enable', 'pnpm install --frozen-lockfile', 'pnpm run lint', 'pnpm run test'] },
    tool: null,
  },
  'node as npm init leaves it': {
    files: { 'package.json': JSON.stringify({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }) },
    stages: { test: ['npm install', NODE_TEST] },
    tool: 'npm',
  },
  'node with a broken package.json': {
    files: { 'package.json': '{', 'yarn.lock': '' },
    stages: { test: ['corepack enable', 'yarn install --immutable', NODE_TEST] },
    tool: null,
  },
  go: {
    files: {
      'go.mod': 'module a\n\ngo 1.21\n',
      'a.go': 'package a\n\nfunc One() int { return 1 }\n',
      'a_test.go':
        'package a\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {\n\tif One() != 1 {\n\t\tt.Fail()\n\t}\n}\n',
    },
    stages: { test: ['go vet ./...', 'go test ./...'], build: ['go build ./...'] },
    tool: 'go',
  },
  rust: {
    files: {
      'Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n',
      'Cargo.lock': 'version = 3\n\n[[package]]\nname = "a"\nversion = "0.1.0"\n',
      'src/lib.rs': 'pub fn one() -> i32 { 1 }\n#[test]\nfn is_one() { assert_eq!(one(), 1) }\n',
    },
    stages: { test: ['cargo test --locked'], build: ['cargo build --release --locked'] },
    tool: 'cargo',
  },
  'python with tests': {
    files: {
      'requirements.txt': '',
      'test_a.py': 'import unittest\nclass A(unittest.TestCase):\n  def test_a(self): pass\n',
    },
    stages: {
      test: [
        ...['python3 -m venv .venv', '.venv/bin/pip install -r requirements.txt'],
        '.venv/bin/python -m unittest discover',
      ],
    },
    tool: 'python3',
  },
  'python without tests': {
    files: { 'requirements.txt': '', 'a.py': 'x = 1\n' },
    stages: {
      test: [
        ...['python3 -m venv .venv', '.venv/bin/pip install -r requirements.txt'],
        '.venv/bin/python -m compileall -q -x "[.]venv" .',
      ],
    },
    tool: 'python3',
  },
  'python with pytest': {
    files: { 'pyproject.toml': '[tool.pytest.ini_options]\n' },
    stages: {
      test: [
        ...['python3 -m venv .venv', '.venv/bin/pip install .', '.venv/bin/pip install pytest'],
        '.venv/bin/python -m pytest --junitxml=report.xml',
      ],
    },
    tool: null,
  },
  'java with Maven': { files: { 'pom.xml': POM }, stages: { build: ['mvn --batch-mode verify'] }, tool: 'mvn' },
  'java with the Gradle wrapper': {
    files: { 'build.gradle.kts': '', gradlew: '' },
    stages: { build: ['./gradlew build'] },
    tool: null,
  },
  'a Dockerfile': {
    files: { Dockerfile: 'FROM scratch\nCOPY a /a\n', a: 'a' },
    stages: { image: ['docker build --tag "$(echo "$TAG" | tr A-Z a-z)" .'] },
    tool: 'docker',
  },
  'two languages and a Dockerfile': {
    files: { 'go.mod': 'module a\n', 'Cargo.toml': '', Dockerfile: '' },
    stages: {
      'go-test': ['go vet ./...', 'go test ./...'],
      'go-build': ['go build ./...'],
      'rust-test': ['cargo test'],
      'rust-build': ['cargo build --release'],
      image: ['docker build --tag "$(echo "$TAG" | tr A-Z a-z)" .'],
    },
    tool: null,
  },
};

const folderOf = (files: Record<string, string>): Folder => ({
  names: Object.keys(files),
  has: (name) => Object.hasOwn(files, name),
  read: (name) => files[name] ?? null,
});

describe.each(Object.entries(VARIANTS))('%s', (_name, { files, stages }) => {
  test.each(['docker', 'process'] as const)(
    'has a file for %s that compiles, is canonical and has comments',
    (executor) => {
      const text = renderPipeline({ name: 'a', executor }, findProjects(folderOf(files)));
      const { plan, diagnostics } = compile({
        ...{ file: '.buildit.kdl', text, facts: { git: null, trigger: 'local', pr: null, env: {} } },
        ...{ params: {}, executor: null, stages: [] },
      });
      expect(diagnostics).toEqual([]);
      const written = plan?.nodes.map((node) => [
        node.name,
        node.kind === 'stage' ? node.steps.map((step) => step.script) : [],
      ]);
      expect(Object.fromEntries(written ?? [])).toEqual(stages);
      expect(formatFile('.buildit.kdl', text)).toEqual({ kind: 'formatted', text });
      expect(text.split('\n').filter((line) => line.trim().startsWith('//')).length).toBeGreaterThan(3);
    },
  );
});

test('what is fetched is cached in containers, under the lock file that says what it is', () => {
  const projects = findProjects(folderOf(VARIANTS['node with npm']?.files ?? {}));
  const text = renderPipeline({ name: 'a', executor: 'docker' }, projects);
  expect(text).toContain('cache "npm" {\n    path "~/.npm"\n    key "npm-{checksum package-lock.json}"');
  expect(text.match(/^ {4}cache "npm"$/gm)).toHaveLength(2);
  // A process works in the home of whoever runs it.
  expect(renderPipeline({ name: 'a', executor: 'process' }, projects)).not.toContain('cache');
});

test('the image waits for the last stage of each language', () => {
  const text = renderPipeline(
    { name: 'a', executor: 'docker' },
    findProjects(folderOf({ 'go.mod': '', 'package.json': '{}', Dockerfile: '' })),
  );
  expect(text).toContain('stage "image" {\n    needs "node-test" "go-build"\n');
});

describe('the command', () => {
  let home: Home;
  beforeEach(() => {
    home = openHome();
  });
  afterEach(() => home.close());

  test('writes a file that is valid, and overwrites none', async () => {
    home.write('go.mod', 'module a\n\ngo 1.22\n');
    const { exit, stdout, stderr } = await home.run(['init']);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '.buildit.kdl\n' });
    expect(stderr).toContain('Found go (go.mod).\n');
    const text = readFileSync(join(home.folder, '.buildit.kdl'), 'utf8');
    expect(text).toContain('golang:1.22');
    expect(await home.run(['validate'])).toMatchObject({ exit: 0 });
    expect(await home.run(['init'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('file-present') });
    expect(readFileSync(join(home.folder, '.buildit.kdl'), 'utf8')).toBe(text);
  });

  test('asks for name and executor in a terminal', async () => {
    const { exit } = await home.runInTerminal(['init'], {
      keys: [
        { when: 'Name of the pipeline', type: 'shop\r' },
        { when: 'in docker or as process', type: 'process\r' },
      ],
    });
    expect(exit).toBe(0);
    const text = readFileSync(join(home.folder, '.buildit.kdl'), 'utf8');
    expect(text).toMatch(/^pipeline "shop" \{$/m);
    expect(text).toContain('executor "process"');
  });
});

/** Whether a program is there; of Docker also whether it answers. */
function hasTool(name: string): boolean {
  try {
    execFileSync('sh', ['-c', name === 'docker' ? 'docker version' : `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describeWith(['temporal'], 'a file that init writes', () => {
  let home: Home;
  beforeAll(() => {
    home = openHome();
  });
  afterAll(async () => {
    await home.close();
    if (hasTool('docker')) execFileSync('docker', ['rmi', '--force', 'buildit-init-test'], { stdio: 'ignore' });
  }, 60_000);

  const runnable = Object.entries(VARIANTS).flatMap(([name, { files, tool }]) =>
    tool === null ? [] : [{ name, files, tool }],
  );
  for (const { name, files, tool } of runnable) {
    test.skipIf(!hasTool(tool))(
      `runs where ${tool} is: ${name}`,
      async () => {
        const text = renderPipeline({ name: 'buildit-init-test', executor: 'process' }, findProjects(folderOf(files)));
        const folder = name.replaceAll(' ', '-');
        for (const [path, content] of Object.entries({ ...files, '.buildit.kdl': text })) {
          mkdirSync(dirname(join(home.folder, folder, path)), { recursive: true });
          writeFileSync(join(home.folder, folder, path), content);
        }
        const { exit, stdout, stderr } = await home.run(['run', `${folder}/.buildit.kdl`]);
        expect({ exit, output: exit === 0 ? '' : stdout + stderr }).toEqual({ exit: 0, output: '' });
      },
      120_000,
    );
  }
});
