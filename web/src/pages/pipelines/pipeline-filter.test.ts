import { expect, it } from 'vitest';
import { withoutToken } from '../runs/tokens.ts';
import { readPipelineFilter } from './pipeline-filter.ts';

it('words are a name, tokens are about the last run', () => {
  expect(readPipelineFilter('shop api status:failed !branch:"release 1" branch:!main')).toEqual({
    filter: { name: 'shop api', state: 'failed', notBranch: ['release 1', 'main'] },
    tokens: ['status:failed', '!branch:"release 1"', 'branch:!main'],
    problem: null,
  });
  expect(readPipelineFilter('')).toEqual({ filter: {}, tokens: [], problem: null });
});

it('what is none is said', () => {
  expect(readPipelineFilter('label:shop').problem).toContain('nothing is called label: here');
  expect(readPipelineFilter('constructor:shop').problem).toContain('nothing is called constructor: here');
  expect(readPipelineFilter('repo:acme/shop repo:!web').filter).toEqual({
    repository: 'acme/shop',
    notRepository: ['web'],
  });
  expect(readPipelineFilter('status:green').problem).toContain('no run is green');
  expect(readPipelineFilter('branch:a branch:b').problem).toContain('branch:b: a run has but one');
});

it('a chip takes its token out and leaves the name', () => {
  expect(withoutToken('shop status:failed branch:main', 'status:failed')).toBe('shop branch:main');
});
