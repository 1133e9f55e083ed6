import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines, writeLines } from './read-variables.ts';

test('variables are lines sorted by name, and any value can be read back', () => {
  expect(writeLines({ B: 'two words', A: 'x=y' })).toBe('A=x=y\nB=two words');
  const name = fc.stringMatching(/^[a-z]{1,5}$/);
  fc.assert(
    fc.property(fc.dictionary(name, fc.string()), (variables) => {
      expect(readLines(writeLines(variables))).toEqual({ variables: { ...variables }, problems: [] });
    }),
  );
});

test('each line that is none is named, and the others are read', () => {
  expect(readLines('A=1\n\nwrong\n1B=2\nBUILDIT_RUN=3\nA=4\nC=')).toEqual({
    variables: { A: '1', C: '' },
    problems: [
      { line: 3, message: 'there is no = in it' },
      { line: 4, message: '"1B" is no name: letters, digits and _' },
      { line: 5, message: 'BUILDIT_RUN is one of BuildIt’s own names' },
      { line: 6, message: 'A is there twice' },
    ],
  });
});
