import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from './json-text.ts';
import { ProblemError } from './problem.ts';

const refusalOf = (text: string) => {
  try {
    parseJson(text);
    return null;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { code: error.problem.code, at: error.problem.errors[0]?.pointer };
  }
};

describe('JSON of a body', () => {
  test('what JSON.stringify writes is read as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!text.includes('__proto__'));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('what is no JSON is refused, whatever else is wrong with it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('{}[],:"\\u01ae \n')) }), (text) => {
        const isJson = (() => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        fc.pre(!isJson);
        expect(refusalOf(text)?.code).toMatch(/^json-/);
      }),
    );
    for (const text of ['{"a', '{"a\\', '{"\\x":1}', '"', ']', '}', ',', '{"a":1,"b']) {
      expect([text, refusalOf(text)?.code]).toEqual([text, 'json-invalid']);
    }
  });

  test('a bomb is refused before it is parsed', () => {
    const list = (count: number) => JSON.stringify({ list: Array.from({ length: count }, () => 0) });
    expect(refusalOf(list(20_001))).toEqual({ code: 'json-too-many', at: '/list/19997' });
    expect(refusalOf(list(19_000))).toBeNull();
    expect(refusalOf('['.repeat(1_000_000))?.code).toBe('json-too-deep');
  });

  test('a key that stands twice is refused with its place, however it is written', () => {
    expect(refusalOf('{"a":1,"a":1}')).toEqual({ code: 'json-duplicate', at: '/a' });
    expect(refusalOf('{"a":{"b":[1,{"c":1,"\\u0063":2}]}}')).toEqual({ code: 'json-duplicate', at: '/a/b/1/c' });
    expect(refusalOf('{"a/b":1, "x":[], "a\\/b" : 2}')).toEqual({ code: 'json-duplicate', at: '/a~1b' });
    expect(refusalOf('{"a":"a","b":{"a":1},"c":[{"a":1},{"a":2}]}')).toBeNull();
  });

  test('a doubled key anywhere in a document is found', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (object, index) => {
        const entries = Object.entries(object).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
        const doubled = [...entries, entries[index % entries.length]].join(',');
        fc.pre(!doubled.includes('__proto__'));
        expect(refusalOf(`{"outer":[{${doubled}}]}`)?.code).toBe('json-duplicate');
      }),
    );
  });

  test('a key __proto__ is refused', () => {
    expect(refusalOf('{"a":{"__proto__":{}}}')).toEqual({ code: 'json-key-refused', at: '/a/__proto__' });
    expect(refusalOf('{"\\u005f_proto__":{}}')?.code).toBe('json-key-refused');
    expect(refusalOf('["__proto__"]')).toBeNull();
  });

  test('what is nested deeper than 64 levels is refused, also a million levels', () => {
    expect(refusalOf(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeNull();
    expect(refusalOf(`${'['.repeat(65)}${']'.repeat(65)}`)?.code).toBe('json-too-deep');
    expect(refusalOf(`${'['.repeat(1e6)}${']'.repeat(1e6)}`)?.code).toBe('json-too-deep');
  });
});
