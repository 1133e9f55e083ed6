import { expect, test } from 'vitest';
import { parseConfig } from './config-file.ts';
import { choosePlace, readServerUrl } from './place.ts';

const CONTEXTS = `context "work" {
  server "https://ci.example.com"
  workspace "acme/shop"
}
context "home" {
  server "http://localhost:30080"
}
`;

const choose = (
  flags: { context?: string; workspace?: string },
  environment: Record<string, string> = {},
  text = CONTEXTS,
) =>
  choosePlace({
    flags: { context: flags.context ?? null, workspace: flags.workspace ?? null },
    environment,
    config: parseConfig('/config', text),
  });

test('without a sign-in the engine of this machine is meant', () => {
  expect(choose({}, {}, '')).toEqual({ kind: 'local' });
  expect(choose({ workspace: 'main/main' }, {}, '')).toEqual({ kind: 'local' });
  expect(() => choose({ workspace: 'acme/web' }, {}, '')).toThrow('there is no workspace "acme/web" on this machine');
});

test('a flag goes before a variable, a variable before the file', () => {
  const used = `use "work"\n${CONTEXTS}`;
  expect(choose({}, {}, used)).toMatchObject({ context: 'work', workspace: 'acme/shop' });
  expect(choose({}, { BUILDIT_SERVER: 'http://localhost:30080/' }, used)).toMatchObject({ context: 'home' });
  expect(choose({ context: 'work' }, { BUILDIT_SERVER: 'http://localhost:30080' }, used)).toMatchObject({
    url: 'https://ci.example.com',
  });
  expect(choose({ context: 'local' }, {}, used)).toEqual({ kind: 'local' });
  expect(choose({}, { BUILDIT_TENANT: 'acme/web' }, used)).toMatchObject({ workspace: 'acme/web' });
  expect(choose({ workspace: 'acme/api' }, { BUILDIT_TENANT: 'acme/web' }, used)).toMatchObject({
    workspace: 'acme/api',
  });
});

test('a server that only a variable names has no context, and its token is the variable', () => {
  expect(choose({}, { BUILDIT_SERVER: 'https://other.example.com', BUILDIT_TOKEN: 'bi_pat_x' })).toEqual({
    ...{ kind: 'server', context: null, url: 'https://other.example.com', workspace: null, token: 'bi_pat_x' },
  });
});

test('what is not there or means nothing is refused', () => {
  expect(() => choose({ context: 'wrok' })).toThrow('there is no saved sign-in "wrok"');
  expect(() => choose({}, {}, 'use "gone"\n')).toThrow('there is no saved sign-in "gone"');
  expect(() => choose({ context: 'work', workspace: 'shop' })).toThrow('a workspace is written O/W');
  expect(() => choose({}, { BUILDIT_TOKEN: 'bi_pat_x' }, '')).toThrow('nothing says for which server');
});

test('an address is kept with its scheme and without a slash at its end', () => {
  expect(readServerUrl('ci.example.com')).toBe('https://ci.example.com');
  expect(readServerUrl('localhost:30080/')).toBe('http://localhost:30080');
  expect(readServerUrl('https://example.com/ci/')).toBe('https://example.com/ci');
  expect(() => readServerUrl('ftp://example.com')).toThrow('is no address of a server');
  expect(() => readServerUrl('https://ann:pw@example.com')).toThrow('is no address of a server');
});
