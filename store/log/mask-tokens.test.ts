import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maskTokens } from './mask-tokens.ts';
import { createMasker } from './mask.ts';

function mask(input: string, cuts: readonly number[] = [], values: readonly string[] = []): string {
  const bytes = Buffer.from(input);
  const masker = maskTokens(createMasker(values));
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].toSorted(
    (left, right) => left - right,
  );
  const output: Buffer[] = [];
  let consumed = 0;
  const take = (pieces: ReturnType<typeof masker.push>) => {
    for (const piece of pieces) {
      consumed += piece.consumed;
      output.push(Buffer.from(piece.bytes));
    }
  };
  for (const [index, place] of places.entries()) {
    const part = Buffer.from(bytes.subarray(place, places[index + 1]));
    take(masker.push(part));
    // As a caller that reuses its buffer.
    part.fill(0);
  }
  take(masker.end());
  expect(consumed).toBe(bytes.length);
  return Buffer.concat(output).toString();
}

const TAIL = 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3dEf';
const CASES: [what: string, input: string, output: string][] = [
  ['a token of ours', `token bi_pat_${TAIL} used`, 'token *** used'],
  ['a token of GitHub', `ghp_${TAIL}\nnext`, '***\nnext'],
  ['a fine-grained one', `x=github_pat_11AB_${TAIL}`, 'x=***'],
  ['a token of GitLab', `glpat-${TAIL.slice(0, 20)}.`, '***.'],
  ['the id of a key of AWS', 'id AKIAABCDEFGHIJKLMNOP end', 'id *** end'],
  ['a signed address', 'GET /o?X-Amz-Signature=0a1b2c&x=1 ok', 'GET /o?X-Amz-Signature=***&x=1 ok'],
  ['a session in an address', 'u?a=1&x-amz-security-token=FwoG%2F/+=x" y', 'u?a=1&x-amz-security-token=***" y'],
  ['a token in an address', 'https://h/p?private_token=abc', 'https://h/p?private_token=***'],
  ['a token in a private_token', `?private_token=glpat-${TAIL}&b`, '?private_token=***&b'],
];

it.each(CASES)('%s is hidden, however the output is cut', (_, input, output) => {
  expect(mask(input)).toBe(output);
  for (let cut = 0; cut <= input.length; cut++) expect(mask(input, [cut])).toBe(output);
  expect(mask(input, [...Array(input.length).keys()])).toBe(output);
});

it.each([
  ['a short one', 'bi_pat_short ghp_abc glpat-x'],
  ['within a word', `xghp_${TAIL}`],
  ['a longer word in capitals', 'AKIAABCDEFGHIJKLMNOPQ'],
  ['a digest', 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  ['a parameter without a value', '?private_token=&a=b ?private_token= x'],
  ['beginnings that nothing follows', 'b bi bi_ g gh ghp_ A AKIA ?x-amz-'],
])('%s is none and stays', (_, input) => {
  for (let cut = 0; cut <= input.length; cut++) expect(mask(input, [cut])).toBe(input);
});

it('holds back nothing that can be none', () => {
  const masker = maskTokens(createMasker([]));
  const push = (text: string) =>
    masker
      .push(Buffer.from(text))
      .map(({ bytes }) => Buffer.from(bytes).toString())
      .join('');
  expect([push('50 % done'), push(' Password: '), push('abc g'), push('h'), push('!')]).toEqual([
    '50 % done',
    ' Password: ',
    'abc ',
    '',
    'gh!',
  ]);
});

it('hides a value without end from its first byte to its last, in little memory', () => {
  const value = 'x'.repeat(20_000);
  const shown = mask(`?private_token=${value} end`, [5_000, 10_000, 15_000]);
  expect(shown).toBe('?private_token=*** end');
});

it('what is a secret besides is hidden once', () => {
  const token = `ghp_${TAIL}`;
  expect(mask(`a ${token} b`, [7], [token])).toBe('a *** b');
  expect(mask(`ghp_${TAIL}secret-value-1`, [], ['secret-value-1'])).toBe('******');
});

it('any output cut anywhere is the same as whole', () => {
  const part = fc.oneof(
    fc.constantFrom(...CASES.map(([, input]) => input)),
    fc.constantFrom('bi_pat_', 'ghp_', 'AKIA', '?private_token=', '&X-AMZ-', ' ', '\n', 'a'),
    fc.string({ maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), (parts, cuts) => {
      const input = parts.join('');
      expect(mask(input, cuts)).toBe(mask(input));
    }),
    { numRuns: 300 },
  );
});
