import { expect, it } from 'vitest';
import { compile } from '../compile.ts';
import type { ImportReader } from './import-reader.ts';

const STAGE = 'stage "a" executor="process" { run "true" }\n';

/** Files `1.kdl`, `2.kdl` … of which each imports the next. */
const chain =
  (last: number): ImportReader =>
  (from) => {
    const number = from === 'x.kdl' ? 1 : Number.parseInt(from, 10) + 1;
    const text = number < last ? 'import "next.kdl"\n' : '';
    return { kind: 'text', file: `${number}.kdl`, text, isForeign: false };
  };

const codesOf = (text: string, imports: ImportReader) =>
  compile({ ...{ file: 'x.kdl', text, facts: null, params: {}, executor: null, stages: [] }, imports }).diagnostics.map(
    ({ code }) => code,
  );

it('files import files ten deep, and no deeper', () => {
  expect(codesOf(`import "1.kdl"\n${STAGE}`, chain(10))).toEqual([]);
  expect(codesOf(`import "1.kdl"\n${STAGE}`, chain(11))).toEqual(['KDL051']);
});

it('templates use templates ten deep, and no deeper', () => {
  const templates = (count: number) =>
    Array.from({ length: count }, (_, index) => {
      const uses = index + 1 < count ? `uses="t${index + 1}" ` : '';
      return `template "t${index}" { stage ${uses}{ run "true"; executor "process" } }\n`;
    }).join('');
  const none: ImportReader = () => ({ kind: 'refused', message: 'none' });
  expect(codesOf(`${templates(10)}stage "a" uses="t0"\n`, none)).toEqual([]);
  expect(codesOf(`${templates(11)}stage "a" uses="t0"\n`, none)).toEqual(['KDL051']);
});

it('a file that two others import is read once', () => {
  const texts: Record<string, string> = { 'a.kdl': 'import "c.kdl"', 'b.kdl': 'import "c.kdl"', 'c.kdl': STAGE };
  const read: ImportReader = (_from, { path }) => ({
    ...{ kind: 'text', file: path, text: texts[path] ?? '', isForeign: false },
  });
  expect(codesOf('import "a.kdl"\nimport "b.kdl"\n', read)).toEqual([]);
});

it('a pipeline is made of at most 50 files', () => {
  const imports = Array.from({ length: 51 }, (_, index) => `import "f${index}.kdl"\n`).join('');
  const read: ImportReader = (_from, { path }) => ({ kind: 'text', file: path, text: '', isForeign: false });
  expect(codesOf(imports + STAGE, read)).toEqual(['KDL023']);
});

it('a file that only declares templates is right by itself, and is no pipeline', () => {
  const text = 'cache "c" { path "x"; key "k" }\ntemplate "t" { stage { run "true" } }\n';
  const none: ImportReader = () => ({ kind: 'refused', message: 'none' });
  expect(codesOf(text, none)).toEqual([]);
  const facts = { git: null, trigger: 'local', pr: null, env: {} };
  const { plan, diagnostics } = compile({ file: 'x.kdl', text, facts, params: {}, executor: null, stages: [] });
  expect(plan).toBeNull();
  expect(diagnostics.map(({ code }) => code)).toContain('KDL016');
});
