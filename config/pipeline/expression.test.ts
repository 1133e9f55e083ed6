import { expect, it } from 'vitest';
import { evaluateCondition, parseCondition } from './expression.ts';
import { normalizeCondition } from './older-condition.ts';

const FUNCTIONS = { success: true, failure: false, cancelled: false };
const FACTS = { 'git.branch': 'main', 'git.tag': null, 'params.n': 3, 'params.ratio': 1.5, 'params.names': ['a', 'b'] };
const VALUES = { 'stages.unit-test.outputs.go': 'yes', 'stages.test[node=22].result': 'passed', 'run.attempt': '2' };

function evaluate(expression: string) {
  return evaluateCondition(expression, FACTS, { values: VALUES, functions: FUNCTIONS });
}

it.each([
  ["git.branch == 'main'", true],
  ["git.tag == ''", true],
  ['params.n > 2 && params.n == 3', true],
  ['params.n/2 == 1', true],
  ['params.ratio * 2.0 == 3.0', true],
  ["'b' in params.names", true],
  ["stages.unit-test.outputs.go == 'yes'", true],
  ["stages['unit-test'].outputs['go'] == 'yes'", true],
  ["stages.test[node=22].result == 'passed'", true],
  ['has(stages.unit-test.outputs.nope)', false],
  ['has(stages.nothing.outputs.nope)', false],
  ['run.attempt > 1', true],
  ['success() && !failure() && !cancelled()', true],
  ["glob(git.branch, 'm*') && changed('x')", true],
  ["params.names.exists(x, x == 'b')", true],
  ["'stages.unit-test.result' == 'stages.unit-test.result'", true],
])('%s is %j', (expression, value) => {
  expect(evaluate(expression)).toMatchObject({ kind: 'value', value });
});

it('the values that decided are told', () => {
  expect(evaluate("git.branch == 'main' && stages.unit-test.outputs.go == 'no'")).toEqual({
    kind: 'value',
    value: false,
    values: { 'git.branch': 'main', 'stages.unit-test.outputs.go': 'yes' },
  });
});

it.each([
  "stages.unit-test.outputs.nope == 'x'",
  'git.branch',
  '1 +',
  'int(git.branch) == 1',
  "glob('x', params.names[7])",
])('%s is an error, never "false"', (expression) => {
  expect(evaluate(expression)).toMatchObject({ kind: 'error' });
});

it('an error points at the text as it was written', () => {
  const text = 'stages.unit-test.result == nope';
  const parsed = parseCondition(text);
  const paths = parsed.kind === 'parsed' ? parsed.mentions.paths : [];
  expect(paths.map(({ path, start, end }) => [path.join('.'), text.slice(start, end)])).toEqual([
    ['stages.unit-test.result', 'stages.unit-test.result'],
    ['nope', 'nope'],
  ]);
});

it('a loop inside a loop is refused', () => {
  expect(parseCondition('params.names.all(x, params.names.all(y, x == y))')).toMatchObject({ kind: 'error' });
});

it.each([
  ['{branch} == main', "git.branch == 'main'"],
  ['{git.branch} != release/1.x && {tag}', "git.branch != 'release/1.x' && git.tag"],
  ['${git.branch} == "main"', 'git.branch == "main"'],
  ['branch == "main" || sha == tag', 'git.branch == "main" || git.sha == git.tag'],
  ["git.branch == 'branch'", "git.branch == 'branch'"],
  ['{"a": 1}.a == 1', '{"a": 1}.a == 1'],
])('%s means %s', (written, meant) => {
  expect(normalizeCondition(written).expression).toBe(meant);
});
