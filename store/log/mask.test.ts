import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMasker } from './mask.ts';

/** Pushes the text in pieces cut at the given places. */
function mask(values: readonly string[], input: string | Buffer, cuts: readonly number[] = []): string {
  const bytes = Buffer.from(input);
  const masker = createMasker(values);
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  const output: Buffer[] = [];
  let consumed = 0;
  const take = (pieces: ReturnType<typeof masker.push>) => {
    for (const piece of pieces) {
      consumed += piece.consumed;
      output.push(Buffer.from(piece.bytes));
    }
  };
  for (const [index, place] of places.entries())
    take(masker.push(Buffer.from(bytes.subarray(place, places[index + 1]))));
  take(masker.end());
  expect(consumed).toBe(bytes.length);
  return Buffer.concat(output).toString();
}

const everyCut = (length: number) => Array.from({ length }, (_, index) => index);

for (const [what, values, input, output] of [
  ['a value', ['s3cret'], 'a s3cret b\n', 'a *** b\n'],
  ['two values side by side', ['s3cret'], 's3crets3cret', '******'],
  ['overlapping values', ['abcd', 'cdef'], 'xabcdefx', 'x***x'],
  ['a value within a longer one', ['pass', 'password1'], 'password1 pass passwor', '*** *** ***wor'],
  ['a value that repeats itself', ['abab'], 'ababab!', '***!'],
  ['a value broken by a line', ['correcthorse'], 'a correct\nhorse b', 'a ***\n*** b'],
  ['a value broken by lines of Windows', ['correcthorse'], 'corr\r\necth\r\norse', '***\r\n***\r\n***'],
  ['a short value within one line only', ['abcd'], 'ab\ncd abcd', 'ab\ncd ***'],
  ['each line of a value', ['-----\nMIIabc\nxyz\n-----'], 'MIIabc\n  MIIabc xyz', '***\n  *** xyz'],
  ['a value of several lines', ['line one\nline two'], '> line one\nline two <', '> ***\n*** <'],
  [
    'a URL-encoded value',
    ['p@ss w/rd'],
    'p%40ss%20w%2Frd p%40ss%20w%2frd p%40ss+w%2Frd p%40ss%20w/rd',
    '*** *** *** ***',
  ],
  ['bytes that are no ASCII', ['geheimnüß'], 'x geheimnüß x', 'x *** x'],
  ['no blank value', ['', '  ', '\n'], 'a  b\n\n', 'a  b\n\n'],
  ['what only begins like a value', ['s3cret'], 's3cre s3cr', 's3cre s3cr'],
] as const) {
  it(`${what} is masked, however the stream is cut`, () => {
    expect(mask(values, input)).toBe(output);
    expect(mask(values, input, everyCut(Buffer.byteLength(input)))).toBe(output);
  });
}

for (const before of ['', 'a', 'ab', 'abc']) {
  for (const after of ['', '\n', 'xy']) {
    it(`base64 of a value between ${JSON.stringify(before)} and ${JSON.stringify(after)} is masked, also when wrapped`, () => {
      const value = 'correct-horse-battery~~~staple???!';
      for (const encoding of ['base64', 'base64url'] as const) {
        const encoded = Buffer.from(before + value + after).toString(encoding);
        const wrapped = encoded.replaceAll(/.{11}/g, '$&\n');
        for (const text of [encoded, wrapped]) {
          const masked = mask([value], `token ${text} end`).replaceAll('\n', '');
          expect(masked).toMatch(/^token [\w+/-]{0,4}\*[*]+[\w+/=-]{0,6} end$/);
        }
      }
    });
  }
}

const ODD = 'p@ss<w>"rd"&\'s/\\ü42';
for (const [what, text] of Object.entries({
  JSON: JSON.stringify(ODD),
  'JSON in ASCII': JSON.stringify(ODD).replaceAll('ü', '\\u00fc'),
  'JSON with escaped slashes': JSON.stringify(ODD).replaceAll('/', '\\/'),
  XML: 'p@ss&lt;w&gt;&quot;rd&quot;&amp;&#39;s/\\ü42',
  'single quotes of a shell': `'${ODD.replaceAll("'", "'\\''")}'`,
  "bash's printf %q": 'p@ss\\<w\\>\\"rd\\"\\&\\\'s/\\\\\\ü42',
  hex: Buffer.from(ODD).toString('hex'),
  'hex in capitals': Buffer.from(ODD).toString('hex').toUpperCase(),
  'base64 of base64': Buffer.from(Buffer.from(ODD).toString('base64')).toString('base64'),
  'base64 of base64 with a line feed': Buffer.from(`${Buffer.from(`${ODD}\n`).toString('base64')}\n`).toString(
    'base64',
  ),
})) {
  it(`a value as ${what} is masked but for what its neighbours decide`, () => {
    for (const cuts of [[], everyCut(text.length)]) {
      const masked = mask([ODD], `x ${text} y`, cuts);
      expect(masked).toContain('***');
      expect(masked.length).toBeLessThan(20);
    }
  });
}

it('a value of 64 KiB takes some megabytes and not hundreds', () => {
  const value = Buffer.from(Array.from({ length: 48_000 }, (_, index) => (index * 7_919) % 251)).toString('base64');
  const before = process.memoryUsage().arrayBuffers;
  const masker = createMasker([value]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150_000_000);
  const pieces = [...masker.push(Buffer.from(`${value}\n`)), ...masker.end()];
  expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).toString()).toBe('***\n');
});

it('what is behind a value is decided with the line break that ends it', () => {
  const masker = createMasker(['s3cret-value']);
  const pieces = masker.push(Buffer.from('token: s3cret-value\n'));
  expect(Buffer.concat(pieces.map((piece) => piece.bytes)).toString()).toBe('token: ***\n');
});

it('output does not depend on how the stream is cut, and holds no value', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), minLength: 1, maxLength: 12 });
  const input = fc.array(
    fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '\n', '\r') }), fc.constant(null)),
    { maxLength: 20 },
  );
  const cuts = fc.array(fc.nat(400), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), input, cuts, cuts, (values, parts, one, other) => {
      const text = parts.map((part, index) => part ?? values[index % values.length]).join('');
      const output = mask(values, text, one);
      expect(mask(values, text, other)).toBe(output);
      expect(output.replaceAll(/[^\n\r]/g, '')).toBe(text.replaceAll(/[^\n\r]/g, ''));
      for (const value of values.filter((each) => each.trim() !== '')) {
        const joined = value.replaceAll('\n', '');
        if (!value.includes('\n') || joined.length >= 8) expect(output.includes(value)).toBe(false);
        if (joined.length >= 8 && !/[\n\r]{5}/.test(text))
          expect(output.replaceAll(/[\n\r]/g, '').includes(joined)).toBe(false);
      }
    }),
    { numRuns: 800 },
  );
});

it('a masker that begins where another had decided everything goes on as that one would have', () => {
  const values = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 }), {
    minLength: 1,
    maxLength: 3,
  });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '\n'), maxLength: 80 });
  fc.assert(
    fc.property(values, text, fc.nat(80), (secrets, input, cut) => {
      const bytes = Buffer.from(input);
      const first = createMasker(secrets).push(bytes.subarray(0, cut));
      const decided = first.reduce((sum, piece) => sum + piece.consumed, 0);
      const output = Buffer.concat(first.map((piece) => Buffer.from(piece.bytes))).toString();
      expect(output + mask(secrets, bytes.subarray(decided))).toBe(mask(secrets, input));
    }),
    { numRuns: 800 },
  );
});

it('a value that repeats without end is decided on the way and shown nowhere', () => {
  const masker = createMasker(['aaaaaaaaaa']);
  let decided = 0;
  let output = '';
  for (let round = 0; round < 64; round++) {
    for (const piece of masker.push(Buffer.alloc(16 * 1024, 'a'))) {
      decided += piece.consumed;
      output += Buffer.from(piece.bytes).toString();
    }
  }
  expect(decided).toBeGreaterThan(900 * 1024);
  expect(output).toMatch(/^\*+$/);
});
