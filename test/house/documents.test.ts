import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
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

test('the index of docs/ leads to every document', () => {
  const linked = new Set(
    ['docs/README.md', 'docs/adr/README.md'].flatMap((index) =>
      [...readTracked(index).matchAll(/\]\(([^)#\s]+)/g)].map((match) =>
        posix.join(posix.dirname(index), match[1] ?? ''),
      ),
    ),
  );
  const lost = documents.filter((file) => file.startsWith('docs/') && file !== 'docs/README.md' && !linked.has(file));
  // Explanations of single faults are found by `buildit help CODE`.
  expect(lost.filter((file) => !file.startsWith('docs/faults/'))).toEqual([]);
});
