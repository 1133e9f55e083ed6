import { expect, it } from 'vitest';
import { CODES } from './codes.ts';
import { compile } from './compile.ts';

const examples = Object.entries(CODES).flatMap(([code, { example }]) => (example === null ? [] : [{ code, example }]));

it.each(examples)('the example of $code has this problem and no other', ({ code, example }) => {
  const facts = { git: null, trigger: 'local', pr: null, env: {} };
  const { diagnostics } = compile({ file: 'x.kdl', text: example, facts, params: {}, executor: null, stages: [] });
  expect([...new Set(diagnostics.map((one) => one.code))]).toEqual([code]);
});
