import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from './exit.ts';
import { COMMANDS, SHORT_FORMS } from './grammar/commands.ts';
import { GLOBAL_OPTIONS } from './grammar/globals.ts';
import type { CommandSpec } from './grammar/spec.ts';
import { usageOf } from './help/render.ts';

const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'cli.md'), 'utf8').replaceAll('\\|', '|');

test.each(Object.values<CommandSpec>(COMMANDS))('docs/cli.md has $path and its flags', (spec) => {
  expect(text).toContain(`\`${usageOf(spec)}\``);
  for (const name of Object.keys(spec.options)) expect(text).toContain(`--${name}`);
});

test('docs/cli.md has every flag of every command, every short form and every exit code', () => {
  for (const name of Object.keys(GLOBAL_OPTIONS)) expect(text).toContain(`--${name}`);
  for (const short of Object.keys(SHORT_FORMS)) expect(text).toContain(`short \`${short}\``);
  for (const code of Object.values(EXIT)) expect(text).toMatch(new RegExp(`\\| (?:\\d+, )?${code}[ ,]`));
});
