import { expect, test } from 'vitest';
import { parseConfig } from './context/config-file.ts';
import { COMMANDS } from './grammar/commands.ts';
import { checkHere, chooseColor, chooseFormat, chooseLimit, chooseTimeout, chooseUi } from './settings.ts';

const preset = (environment: Record<string, string> = {}, text = '') => ({
  environment,
  config: parseConfig('/home/ann/.buildit/config', text),
});

test('the mode is live only on a terminal that can, outside of CI', () => {
  expect(chooseUi({}, 'table', preset({ TERM: 'xterm' }), true)).toBe('live');
  expect(chooseUi({}, 'table', preset({ TERM: 'dumb' }), true)).toBe('plain');
  expect(chooseUi({}, 'table', preset({ TERM: 'xterm', CI: 'true' }), true)).toBe('plain');
  expect(chooseUi({}, 'table', preset({ TERM: 'xterm' }), false)).toBe('plain');
  expect(chooseUi({}, 'table', preset({ BUILDIT_UI: 'live' }), false)).toBe('plain');
  expect(chooseUi({}, 'table', preset({ BUILDIT_UI: 'plain', TERM: 'xterm' }), true)).toBe('plain');
  expect(chooseUi({ quiet: true }, 'table', preset({}), true)).toBe('quiet');
  expect(chooseUi({}, 'ndjson', preset({}), true)).toBe('json');
});

test('a mode that does not exist is refused with the nearest', () => {
  expect(() => chooseUi({}, 'table', preset({ BUILDIT_UI: 'plian' }), true)).toThrow(
    'BUILDIT_UI does not know "plian"',
  );
});

test('the flag wins over the variable, and each command has its formats', () => {
  expect(chooseFormat(COMMANDS['runs list'], { format: null }, preset({ BUILDIT_FORMAT: 'yaml' }))).toBe('yaml');
  expect(chooseFormat(COMMANDS['runs list'], { format: 'name' }, preset({ BUILDIT_FORMAT: 'yaml' }))).toBe('name');
  expect(chooseFormat(COMMANDS.validate, { format: null }, preset())).toBe('text');
  expect(chooseFormat(COMMANDS.validate, { format: 'sarif' }, preset())).toBe('sarif');
  expect(() => chooseFormat(COMMANDS.validate, { format: 'table' }, preset())).toThrow(
    '--format does not know "table"',
  );
  expect(() => chooseFormat(COMMANDS['runs list'], {}, preset({ BUILDIT_FORMAT: 'xml' }))).toThrow('BUILDIT_FORMAT');
});

test('a list has 50 entries unless told', () => {
  expect(chooseLimit({})).toBe(50);
  expect(chooseLimit({ limit: '7' })).toBe(7);
  expect(chooseLimit({ all: true })).toBeNull();
  expect(() => chooseLimit({ limit: '0' })).toThrow('--limit needs a whole number');
});

test('a time limit is a duration', () => {
  expect(chooseTimeout({ timeout: '1h30m' })).toBe(5_400_000);
  expect(() => chooseTimeout({ timeout: 'soon' })).toThrow('--timeout needs a duration');
});

test('a variable goes before the file, and an error names which it was', () => {
  expect(chooseFormat(COMMANDS['runs list'], {}, preset({}, 'format "json"'))).toBe('json');
  expect(chooseFormat(COMMANDS['runs list'], {}, preset({ BUILDIT_FORMAT: 'yaml' }, 'format "json"'))).toBe('yaml');
  expect(chooseUi({}, 'table', preset({}, 'ui "plain"'), true)).toBe('plain');
  expect(chooseColor({}, preset({}, 'color "never"'))).toBe('never');
  expect(chooseColor({}, preset({ NO_COLOR: '1' }, 'color "always"'))).toBe('auto');
  expect(() => chooseFormat(COMMANDS['runs list'], {}, preset({}, '\nformat "jsn"'))).toThrow(
    '/home/ann/.buildit/config:2: format does not know "jsn"',
  );
});

test('a place is refused, not ignored, where a command works on this machine alone', () => {
  expect(() => checkHere(COMMANDS.doctor, { workspace: 'acme/web' })).toThrow('doctor works on this machine');
  expect(() => checkHere(COMMANDS.doctor, { context: 'prod' })).toThrow('not at --context prod');
  expect(() => checkHere(COMMANDS.doctor, { context: 'local', workspace: 'main/main' })).not.toThrow();
});
