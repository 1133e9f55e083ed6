import { expect, it } from 'vitest';
import type { TestCase } from '#core/test-report.ts';
import { createJunitReader, JunitError } from './read-junit.ts';

function readJunit(text: string, pieces = 1): TestCase[] {
  const tests: TestCase[] = [];
  const reader = createJunitReader((test) => tests.push(test));
  const bytes = Buffer.from(text);
  const size = Math.ceil(bytes.length / pieces);
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  reader.end();
  return tests;
}

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="cart" file="src/cart.test.ts">
    <testcase name="adds" classname="cart.Totals" time="0.012"/>
    <testcase name="rounds half up" time="1,001.5" line="42">
      <failure message="expected 10.01, got 10.00" type="AssertionError"><![CDATA[AssertionError: expected 10.01
    at src/cart.test.ts:42:7]]></failure>
      <system-out>printed &amp; kept out</system-out>
    </testcase>
    <testsuite name="inner">
      <testcase name="breaks"><error>TypeError: x is undefined
   at y</error></testcase>
      <testcase name="later" ><skipped message="not on Windows"/></testcase>
      <testcase name="never" status="notrun" time=""/>
      <testcase name="at last" time="0.2"><flakyFailure message="timeout">first try</flakyFailure></testcase>
    </testsuite>
  </testsuite>
</testsuites>`;

it('reads outcome, place, duration and text of each test', () => {
  const tests = readJunit(REPORT);
  const none = { durationMs: null, message: null, trace: null, file: null, line: null, flaky: false };
  expect(tests).toEqual([
    { ...none, suite: 'cart.Totals', name: 'adds', outcome: 'passed', durationMs: 12, file: 'src/cart.test.ts' },
    {
      ...none,
      suite: 'cart',
      name: 'rounds half up',
      outcome: 'failed',
      durationMs: 1_001_500,
      message: 'expected 10.01, got 10.00',
      trace: 'AssertionError: expected 10.01\n    at src/cart.test.ts:42:7',
      file: 'src/cart.test.ts',
      line: 42,
    },
    {
      ...none,
      suite: 'inner',
      name: 'breaks',
      outcome: 'errored',
      message: 'TypeError: x is undefined',
      trace: 'TypeError: x is undefined\n   at y',
    },
    { ...none, suite: 'inner', name: 'later', outcome: 'skipped', message: 'not on Windows' },
    { ...none, suite: 'inner', name: 'never', outcome: 'skipped' },
    {
      ...none,
      suite: 'inner',
      name: 'at last',
      outcome: 'passed',
      durationMs: 200,
      message: 'timeout',
      trace: 'first try',
      flaky: true,
    },
  ]);
});

it('reads the same however the file is cut, also inside a character', () => {
  const text = REPORT.replace('adds', 'adds €');
  for (const pieces of [2, 7, 90, Buffer.byteLength(text)]) {
    expect(readJunit(text, pieces)).toEqual(readJunit(text));
  }
});

it('takes a name like __proto__ as the text it is', () => {
  const tests = readJunit('<testsuite name="__proto__"><testcase name="constructor"/></testsuite>');
  expect(tests[0]).toMatchObject({ suite: '__proto__', name: 'constructor' });
});

it.each([
  ['a file that ends too early', '<testsuite><testcase name="a">'],
  ['no XML', 'not ok 1 - a'],
  ['an entity of its own', '<!DOCTYPE a [<!ENTITY b "bb">]><testsuite><testcase name="&b;"/></testsuite>'],
  ['nothing at all', ''],
])('says where %s is wrong', (_, text) => {
  expect(() => readJunit(text)).toThrow(JunitError);
});
