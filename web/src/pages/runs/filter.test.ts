import { expect, it } from 'vitest';
import type { RunObject } from '#core/rest.ts';
import { matches, readFilter } from './filter.ts';
import { withoutToken } from './tokens.ts';

it('tokens become what the server is asked', () => {
  expect(readFilter('status:failed branch:"release 1" author:ann shop-api #142')).toEqual({
    filter: { ending: 'failed', branch: 'release 1', author: 'ann', pipeline: 'shop-api', number: 142 },
    tokens: ['status:failed', 'branch:"release 1"', 'author:ann', 'shop-api', '#142'],
    problem: null,
  });
  expect(readFilter('status:running author:token:ci').filter).toEqual({ status: 'running', author: 'token:ci' });
});

it('what a run must not be stands after a !, as often as wanted', () => {
  expect(readFilter('!status:passed status:!cancelled branch:!"release 1" !author:bo !nightly branch:main')).toEqual({
    filter: {
      ...{ branch: 'main', notState: ['passed', 'cancelled'], notBranch: ['release 1'] },
      ...{ notAuthor: ['bo'], notPipeline: ['nightly'] },
    },
    tokens: ['!status:passed', 'status:!cancelled', 'branch:!"release 1"', '!author:bo', '!nightly', 'branch:main'],
    problem: null,
  });
});

it('what is no filter is said, never left out', () => {
  expect(readFilter('colour:blue').problem).toContain('nothing is called colour:');
  expect(readFilter('status:green').problem).toContain('no run is green');
  expect(readFilter('branch:').problem).toBe('branch: says no value');
  expect(readFilter('branch:a branch:b').problem).toContain('branch:b: a run has but one');
  expect(readFilter('status:failed status:running').problem).toContain('status:running: a run has but one');
  expect(readFilter('!#142').problem).toContain('a number cannot be left out');
});

it('a chip takes its token out', () => {
  expect(withoutToken('status:failed branch:main', 'status:failed')).toBe('branch:main');
});

it('a run is judged as the server would', () => {
  const run = {
    ...{
      branch: 'main',
      startedBy: 'user:ann',
      number: 7,
      pipeline: { id: 'p1', name: 'shop', file: null, repository: 'git.example/acme/shop' },
    },
    status: { kind: 'ended', ending: 'failed', reason: null, at: '' },
    git: { sha: 'f00', branch: 'main', dirty: false, subject: 'Round half up', author: 'Cy Lee <cy@example.org>' },
  } as RunObject;
  const judge = (text: string) => matches(readFilter(text).filter, run);
  const fitting = [
    '',
    'status:failed',
    'status:ended',
    'branch:main',
    'author:ann',
    'author:user:ann',
    'author:"cy lee"',
    'author:CY@example.org',
    '!author:cy',
    'repo:shop',
    'repo:acme/shop',
    'repo:git.example/acme/shop',
    '!repo:hop',
    'shop',
    'p1',
    '#7',
    '!status:passed',
  ];
  expect(fitting.filter((text) => !judge(text))).toEqual([]);
  const foreign = [
    'status:running',
    '!status:ended',
    '!branch:main',
    '!author:ann',
    '!author:"Cy Lee"',
    'repo:hop',
    '!repo:shop',
    '!shop',
    '#8',
    'web',
    'branch:dev',
  ];
  expect(foreign.filter(judge)).toEqual([]);
  expect(matches({ notBranch: ['main'] }, { ...run, branch: null })).toBe(true);
});
