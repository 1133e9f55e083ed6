import { expect, test } from 'vitest';
import { COMMANDS } from './grammar/commands.ts';
import { checkPlace, chooseFormat, chooseLimit, chooseTimeout, chooseUi } from './settings.ts';

test('the mode is live only on a terminal that can, outside of CI', () => {
  expect(chooseUi({}, 'table', { TERM: 'xterm' }, true)).toBe('live');
  expect(chooseUi({}, 'table', { TERM: 'dumb' }, true)).toBe('plain');
  expect(chooseUi({}, 'table', { TERM: 'xterm', CI: 'true' }, true)).toBe('plain');
  expect(chooseUi({}, 'table', { TERM: 'xterm' }, false)).toBe('plain');
  expect(chooseUi({}, 'table', { BUILDIT_UI: 'live' }, false)).toBe('plain');
  expect(chooseUi({}, 'table', { BUILDIT_UI: 'plain', TERM: 'xterm' }, true)).toBe('plain');
  expect(chooseUi({ quiet: true }, 'table', {}, true)).toBe('quiet');
  expect(chooseUi({}, 'ndjson', {}, true)).toBe('json');
});

test('a mode that does not exist is refused with the nearest', () => {
  expect(() => chooseUi({}, 'table', { BUILDIT_UI: 'plian' }, true)).toThrow('BUILDIT_UI does not know "plian"');
});

test('the flag wins over the variable, and each command has its formats', () => {
  expect(chooseFormat(COMMANDS['runs list'], { format: null }, { BUILDIT_FORMAT: 'yaml' })).toBe('yaml');
  expect(chooseFormat(COMMANDS['runs list'], { format: 'name' }, { BUILDIT_FORMAT: 'yaml' })).toBe('name');
  expect(chooseFormat(COMMANDS.validate, { format: null }, {})).toBe('text');
  expect(chooseFormat(COMMANDS.validate, { format: 'sarif' }, {})).toBe('sarif');
  expect(() => chooseFormat(COMMANDS.validate, { format: 'table' }, {})).toThrow('--format does not know "table"');
  expect(() => chooseFormat(COMMANDS['runs list'], {}, { BUILDIT_FORMAT: 'xml' })).toThrow('BUILDIT_FORMAT');
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

test('a place that is not on this machine is said, not ignored', () => {
  expect(() => checkPlace({ workspace: 'acme/web' }, {})).toThrow('there is no workspace "acme/web"');
  expect(() => checkPlace({ context: 'prod' }, {})).toThrow('there is no saved sign-in "prod"');
  expect(() => checkPlace({}, { BUILDIT_SERVER: 'https://ci.example' })).toThrow('BUILDIT_SERVER');
  expect(() => checkPlace({ workspace: 'main/main' }, {})).not.toThrow();
});
