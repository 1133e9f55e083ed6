import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type ConfigFile,
  parseConfig,
  readConfigFile,
  withContext,
  withSetting,
  writeConfigFile,
} from './config-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TEXT = `// mine
format "yaml"; // always
use "work"

context "work" {
  server "https://ci.example.com" // the big one
  workspace "acme/shop"
}
context "home" {
  server "http://localhost:30080"
}
`;

const read = (text: string): ConfigFile => parseConfig('/config', text);

test('settings and contexts are read with their lines', () => {
  const { settings, contexts } = read(TEXT);
  expect(settings).toEqual({ format: { value: 'yaml', line: 2 }, use: { value: 'work', line: 3 } });
  expect(contexts.map(({ name, server, workspace }) => [name, server.value, workspace?.value ?? null])).toEqual([
    ['work', 'https://ci.example.com', 'acme/shop'],
    ['home', 'http://localhost:30080', null],
  ]);
});

test('a change leaves comments and other lines as they are', () => {
  expect(withSetting(read(TEXT), 'use', 'home')).toBe(TEXT.replace('use "work"', 'use "home"'));
  expect(withContext(read(TEXT), 'home', 'http://localhost:30081', 'main/main')).toBe(
    TEXT.replace('  server "http://localhost:30080"', '  server "http://localhost:30081"\n  workspace "main/main"'),
  );
  expect(withSetting(read(''), 'format', 'json')).toBe('format "json"\n');
});

test('what was written is read again', () => {
  const path = join(folder, 'deep', 'config');
  const file = writeConfigFile(path, withContext(read(''), 'work', 'https://ci.example.com', null));
  expect(readConfigFile({ BUILDIT_CONFIG: path }, false)).toEqual(file);
});

test('a line that is no setting is refused with its place', () => {
  expect(() => read('format "json"\nfromat "json"\n')).toThrow('/config:2: "fromat "json"" is no setting');
  expect(() => read('ui "live"\nui "plain"\n')).toThrow('ui is set twice');
  expect(() => read('context "a" {\n  sever "x"\n}\n')).toThrow('/config:2: "sever "x"" is no setting');
  expect(() => read('context "a" {\n}\n')).toThrow('context "a" has no server');
  expect(() => read('context "a" {\n  server "x"\n')).toThrow('context "a" is not closed');
  expect(() => read(`${TEXT}context "home" {\n server "x"\n}`)).toThrow('context "home" stands twice');
});

test('an absent file is empty; one that was moved must be there unless it is about to be written', () => {
  expect(readConfigFile({ HOME: folder }, false).settings).toEqual({});
  const environment = { BUILDIT_CONFIG: join(folder, 'none') };
  expect(() => readConfigFile(environment, false)).toThrow('does not exist');
  expect(readConfigFile(environment, true).contexts).toEqual([]);
});
