import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compile } from './compile.ts';
import { readFolder } from './reuse/read-folder.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);
const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.kdl'));
/** What stands in a folder `ci` is imported by the others. */
const pipelines = files.filter((name) => !name.includes('ci/'));

it.each(pipelines)('examples/%s compiles without a word', (name) => {
  const text = readFileSync(new URL(name, EXAMPLES), 'utf8');
  const facts = { git: null, trigger: 'local', pr: null, env: {} };
  const root = fileURLToPath(new URL('.', new URL(name, EXAMPLES)));
  const imports = readFolder({ root, base: fileURLToPath(EXAMPLES), main: name });
  const { plan, diagnostics } = compile({
    ...{ file: name, text, facts, params: {}, executor: null },
    stages: [],
    imports,
  });
  expect(diagnostics).toEqual([]);
  expect(plan?.nodes.length).toBeGreaterThan(0);
});
