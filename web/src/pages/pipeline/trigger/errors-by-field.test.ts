import { expect, test } from 'vitest';
import type { Problem } from '#core/rest.ts';
import { errorsByField } from './errors-by-field.ts';

const PROBLEM: Problem = {
  ...{
    type: 'about:blank',
    title: '',
    status: 422,
    detail: '',
    code: 'invalid',
    requestId: '',
    retry: 'no',
    errors: [],
  },
};

test('a pointer names the field, a diagnostic the parameter', () => {
  const place = { line: 1, column: 1, offset: 0 };
  const found = errorsByField({
    ...PROBLEM,
    errors: [
      { pointer: '/branch', code: 'x', message: 'is no name of a branch' },
      { pointer: '/params/a~1b', code: 'x', message: 'is no text' },
      { pointer: '/stages', code: 'x', message: 'has no field here' },
    ],
    diagnostics: [
      {
        ...{ code: 'KDL038', severity: 'error', file: 'a.kdl', span: { start: place, end: place }, related: [] },
        message: '"one" is no value for the parameter "version"',
      },
    ],
  });
  expect([...found]).toEqual([
    ['branch', 'is no name of a branch'],
    ['param.a/b', 'is no text'],
    ['param.version', '"one" is no value for the parameter "version"'],
  ]);
});
