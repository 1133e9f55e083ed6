import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '#config/pipeline/compile.ts';
import { readFolder } from '#config/pipeline/reuse/read-folder.ts';
import { home, listTracked, readTracked } from './tracked-files.ts';

const documents = listTracked(/\.md$/).filter((file) => !file.includes('/testdata/'));

/** GitHub's anchor of a heading. */
function nameAnchor(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function hasAnchor(file: string, anchor: string): boolean {
  if (!file.endsWith('.md')) return false;
  return [...readTracked(file).matchAll(/^#{1,6} (.+)$/gm)].some((match) => nameAnchor(match[1] ?? '') === anchor);
}

test.each(documents)('every link of %s leads somewhere', (document) => {
  const text = readTracked(document).replaceAll(/^```.*?^```/gms, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  const broken = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : posix.join(posix.dirname(document), path);
      return !existsSync(join(home, target)) || (anchor !== undefined && !hasAnchor(target, anchor));
    });
  expect(broken).toEqual([]);
});

test('every document in docs/ is linked from another', () => {
  const linked = new Set(
    documents.flatMap((document) =>
      [...readTracked(document).matchAll(/\]\(([^)#\s]+)/g)]
        .map((match) => posix.join(posix.dirname(document), match[1] ?? ''))
        .filter((target) => target !== document),
    ),
  );
  // Explanations of single faults are found by `buildit help CODE`.
  const found = (file: string): boolean => linked.has(file) || file.startsWith('docs/faults/');
  expect(documents.filter((file) => file.startsWith('docs/') && !found(file))).toEqual([]);
});

/** What stands in a folder `ci` is imported by the others. */
function listExamples(): string[] {
  return listTracked(/^examples\/.*\.kdl$/).filter((file) => !file.includes('/ci/'));
}

/** The KDL blocks of all documents, and the examples: `title` says where one stands. */
function listPipelines(): { title: string; text: string }[] {
  const examples = listExamples().map((file) => ({ title: file, text: readTracked(file) }));
  const blocks = documents.flatMap((document) =>
    [...readTracked(document).matchAll(/^```kdl\n(.*?)^```/gms)].map((match, index) => ({
      title: `block ${index + 1} of ${document}`,
      text: match[1] ?? '',
    })),
  );
  return [...examples, ...blocks];
}

test.each(listPipelines())('$title is a valid pipeline', ({ title, text }) => {
  const imports = readFolder({ root: home, base: home, main: title });
  const { diagnostics } = compile({
    ...{ file: title, text, facts: null, params: {}, executor: null },
    stages: [],
    imports,
  });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('every example is run, or named, by a test', () => {
  const tests = listTracked(/\.test\.ts$/)
    .filter((file) => !file.startsWith('test/house/'))
    .map(readTracked)
    .join('\n');
  const names = listExamples().map((file) => posix.basename(file, '.kdl'));
  expect(names.filter((name) => !new RegExp(`['"\`/]${name}(\\.kdl)?['"\`]`).test(tests))).toEqual([]);
});
