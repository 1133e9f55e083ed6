import { describe, expect, it } from 'vitest';
import { MARK_CANDIDATE, markLine } from './log-mark.ts';

const ERRORS = [
  'src/a.c:3:1: error: expected ;',
  '\u001b[1m\u001b[38;5;9merror[E0308]\u001b[0m\u001b[1m: mismatched types',
  'Error: no such thing',
  'TypeError: x is not a function',
  'java.lang.NullPointerException: null',
  'FAIL src/cart.test.ts > totals round half up',
  '--- FAIL: TestCart (0.00s)',
  '  FAILED tests/test_cart.py::test_total',
  'fatal: not a git repository',
  'panic: runtime error',
  'Traceback (most recent call last):',
  'npm ERR! code ELIFECYCLE',
  'npm error code 1',
  '##[error]Process completed with exit code 1.',
  '::error file=a.js::broken',
  ' ✗ rounds half up',
  '✘ build',
  'Assertion failed: (n > 0)',
  'E   AssertionError',
];

const PLAIN = [
  'compiled 12 modules',
  'failed over to the second mirror',
  '0 errors, 3 warnings',
  'no fatalities',
  '✓ passes',
  'errors.ts written',
];

describe('marks of a line', () => {
  it.each(ERRORS)('%j is an error', (line) => expect(markLine(line)).toEqual({ kind: 'error' }));

  it.each(PLAIN)('%j is none', (line) => expect(markLine(line)).toBeNull());

  it('sections of other systems are told with their titles', () => {
    expect(markLine('::group::Install')).toEqual({ kind: 'section-start', title: 'Install' });
    expect(markLine('##[group]Run tests')).toEqual({ kind: 'section-start', title: 'Run tests' });
    expect(markLine('::endgroup::')).toEqual({ kind: 'section-end' });
    expect(markLine('\u001b[0Ksection_start:1560896352:build[collapsed=true]\r\u001b[0KBuild it')).toEqual({
      kind: 'section-start',
      title: 'Build it',
    });
    expect(markLine('\u001b[0Ksection_end:1560896353:build\r\u001b[0K')).toEqual({ kind: 'section-end' });
    for (const sign of ['---', '~~~', '+++']) {
      expect(markLine(`${sign} :hammer: Build`)).toEqual({ kind: 'section-next', title: ':hammer: Build' });
    }
  });

  it('heads of a diff are no sections', () => {
    for (const line of [
      '--- a/x.ts',
      '+++ b/x.ts',
      '--- /dev/null',
      '--- old.c\t2026-01-01',
      '---',
      '--- PASS: TestX (0s)',
    ]) {
      expect(markLine(line)).toBeNull();
    }
  });

  it('every marked line is a candidate as Latin-1', () => {
    for (const line of [
      ...ERRORS,
      '::group::a',
      '--- b',
      '+++ b',
      '~~~ b',
      '##[group]c',
      'section_end:1:x',
      '\u001b[0Ksection_end:1:x',
    ]) {
      MARK_CANDIDATE.lastIndex = 0;
      expect(MARK_CANDIDATE.test(`\n${Buffer.from(line).toString('latin1')}`), line).toBe(true);
    }
  });
});
