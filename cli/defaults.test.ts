import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDefaults, withDefaults } from './defaults.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-defaults-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  const path = join(folder, 'config');
  writeFileSync(path, text);
  return readDefaults({ BUILDIT_CONFIG: path });
}

test('each line of the file is a setting', () => {
  expect(read('// mine\nformat "yaml"\n\ncolor "never"; // always\n')).toEqual({ format: 'yaml', color: 'never' });
});

test('without a file there are no defaults', () => {
  expect(readDefaults({ HOME: folder })).toEqual({});
  expect(() => readDefaults({ BUILDIT_CONFIG: join(folder, 'none') })).toThrow('does not exist');
});

test('a line that is no setting is refused with its place', () => {
  expect(() => read('format "json"\nfromat "json"\n')).toThrow(/config:2: "fromat "json"" is no setting/);
  expect(() => read('ui "live"\nui "plain"\n')).toThrow('ui is set twice');
});

test('a variable goes before the file', () => {
  const defaults = { format: 'yaml', ui: 'plain' };
  expect(withDefaults({ BUILDIT_FORMAT: 'json' }, defaults)).toEqual({ BUILDIT_FORMAT: 'json', BUILDIT_UI: 'plain' });
});
