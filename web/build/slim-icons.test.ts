import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { slimIcon } from './slim-icons.ts';

const ICONS = join(dirname(createRequire(import.meta.url).resolve('lucide-react')), '../esm/icons');
const read = (name: string) => readFileSync(join(ICONS, `${name}.mjs`), 'utf8');

test.each(['ban', 'circle-play', 'octagon-x'])('%s keeps its shapes and loses the keys of its list', (name) => {
  const before = read(name);
  const after = slimIcon(before);
  const shapesOf = (code: string) => code.match(/\b(?:d|cx|cy|r|x|y|points): "[^"]*"/g);
  expect(shapesOf(after)).toEqual(shapesOf(before));
  expect(shapesOf(after)?.length).toBeGreaterThan(0);
  expect(after).not.toMatch(/key:|aliases:|__iconData\.node/);
  expect(after).toMatch(/export \{ __iconData, \w+ as default \}/);
});
