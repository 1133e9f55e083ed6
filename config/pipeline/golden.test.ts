import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { GeneratedText, GitFacts } from '#core/plan.ts';
import { CODES } from './codes.ts';
import { compile, type CompileInput } from './compile.ts';
import { nameGenerated } from './generated.ts';
import { renderDiagnostics, summarizeDiagnostics } from './render.ts';
import { readFolder } from './reuse/read-folder.ts';

const FOLDER = new URL('../testdata/', import.meta.url);
const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;

const GIT: GitFacts = {
  sha: '0123456789abcdef0123456789abcdef01234567',
  shortSha: '0123456',
  branch: 'main',
  tag: null,
  ref: 'refs/heads/main',
  message: 'Fix the "cart" `totals`',
  author: 'Ann <ann@example.com>',
  base: null,
  dirty: false,
};

/** What a golden file may set on its first line: `// golden: {…}`. */
interface Header {
  params?: Record<string, string>;
  executor?: CompileInput['executor'];
  stages?: string[];
  git?: null;
  env?: Record<string, string>;
  generated?: GeneratedText[];
}

function readHeader(text: string): Header {
  const line = /^\/\/ golden: (\{.*\})/.exec(text)?.[1];
  return line === undefined ? {} : JSON.parse(line);
}

function compileGolden(name: string, text: string) {
  const header = readHeader(text);
  const git = header.git === null ? null : GIT;
  return compile({
    file: name,
    text,
    facts: { git, trigger: 'local', pr: null, env: header.env ?? {} },
    params: header.params ?? {},
    executor: header.executor ?? null,
    stages: header.stages ?? [],
    generated: header.generated ?? [],
    imports: readFolder({ root: fileURLToPath(FOLDER), base: fileURLToPath(FOLDER), main: name }),
  });
}

/** The texts of its generators, by their names in diagnostics. */
function textsOfGenerated(text: string): Record<string, string> {
  return Object.fromEntries((readHeader(text).generated ?? []).map((one) => [nameGenerated(one.by), one.text]));
}

const files = readdirSync(FOLDER);
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');
const goldens = files.filter((name) => name.endsWith('.kdl'));

it.each(goldens)('%s compiles to what stands beside it', (name) => {
  const text = read(name);
  const { plan, diagnostics, texts } = compileGolden(name, text);
  const base = name.replace(/\.kdl$/, '');
  const frames = renderDiagnostics(diagnostics, {
    texts: { ...texts, ...textsOfGenerated(text), [name]: text },
    color: (_style, piece) => piece,
  });
  const outputs = {
    [`${base}.plan.json`]: plan && `${JSON.stringify(plan, null, 2)}\n`,
    [`${base}.diagnostics.txt`]: diagnostics.length > 0 ? `${frames}${summarizeDiagnostics(diagnostics)}\n` : null,
  };
  for (const [file, output] of Object.entries(outputs)) {
    if (UPDATE && output !== null) writeFileSync(new URL(file, FOLDER), output);
    const golden = files.includes(file) || UPDATE ? (output === null ? null : read(file)) : null;
    expect(output, file).toBe(golden);
    expect(files.includes(file) && output === null, `${file} is left over`).toBe(false);
  }
});

it('every diagnostic that a file can have is in a golden file', () => {
  const seen = goldens.flatMap((name) => compileGolden(name, read(name)).diagnostics.map((one) => one.code));
  // These take a generated text: limits.test.ts.
  const generated = ['KDL001', 'KDL002', 'KDL003', 'KDL023'];
  const missing = Object.keys(CODES).filter((code) => !seen.includes(code) && !generated.includes(code));
  expect(missing).toEqual([]);
});
