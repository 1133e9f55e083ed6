import { expect, test } from 'vitest';
import { CRASH_POINTS } from '#core/crash-point.ts';
import { readTracked } from './tracked-files.ts';

/** `| fault | promise | \`file\`: name of the test |` */
const ROW = /^\| .+ \| .+ \| (.+) \|$/;
const SHOWN_BY = /^`([\w/.-]+)`: (.+)$/;

const rows = readTracked('docs/durability.md')
  .split('\n')
  .flatMap((line) => ROW.exec(line)?.[1] ?? [])
  .filter((shownBy) => shownBy !== 'shown by');

test('docs/durability.md names a test for each fault', () => {
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter((shownBy) => !SHOWN_BY.test(shownBy))).toEqual([]);
});

test('docs/durability.md names every point where a process may be made to die, and no other', () => {
  const [, section = ''] = /## Named points\n([^]*?)\n## /.exec(readTracked('docs/durability.md')) ?? [];
  const named = [...section.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, point]) => point);
  expect(new Set(named)).toEqual(new Set(Object.keys(CRASH_POINTS)));
  expect(named).toHaveLength(new Set(named).size);
});

test.each(rows)('%s', (shownBy) => {
  const [, file = '', name = ''] = SHOWN_BY.exec(shownBy) ?? [];
  const quoted = ["'", '"', '`'].map((quote) => `(${quote}${name}${quote}`);
  const text = readTracked(file);
  expect(quoted.some((call) => text.replaceAll(/\(\s+/g, '(').includes(call))).toBe(true);
});
