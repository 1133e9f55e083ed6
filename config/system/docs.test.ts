import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Variable, VARIABLES } from './variables.ts';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'server.md'), 'utf8');

test('docs/server.md describes every variable that a server reads, and no other', () => {
  const described = [...text.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
  const forPeople = VARIABLES.filter((variable: Variable) => variable.part !== 'process').map(({ name }) => name);
  expect(new Set(described)).toEqual(new Set(forPeople));
});

test.each(VARIABLES.filter((variable: Variable) => variable.part === 'process'))(
  'docs/server.md names $name as no concern of people',
  ({ name }) => {
    expect(text).toContain(`\`${name}\``);
  },
);
