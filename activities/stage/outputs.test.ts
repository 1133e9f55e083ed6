import { describe, expect, it } from 'vitest';
import { findSecretOutput, parseOutputs } from './outputs.ts';

const parse = (text: string) => parseOutputs(Buffer.from(text));

describe('outputs', () => {
  it.each([
    ['', {}],
    ['a=1', { a: '1' }],
    ['a=1\n\nb=x=y\n', { a: '1', b: 'x=y' }],
    ['a=1\na=2', { a: '2' }],
    ['a= spaced ', { a: ' spaced ' }],
    ['a<<EOF\none\ntwo\nEOF\nb=3', { a: 'one\ntwo', b: '3' }],
    ['a<<EOF\nEOF', { a: '' }],
    ['a=b<<c', { a: 'b<<c' }],
    ['__proto__=x', JSON.parse('{"__proto__":"x"}')],
  ])('%j is read as it says', (text, outputs) => {
    const parsed = parse(text);
    expect(parsed.kind).toBe('outputs');
    if (parsed.kind === 'outputs') expect(JSON.stringify(parsed.outputs)).toBe(JSON.stringify({ ...outputs }));
  });

  it.each([
    ['no equals', 'line 1'],
    ['a=1\nb c=2', 'line 2'],
    ['a<<EOF\nnever closed', 'has no closing EOF'],
    ['=x', 'line 1'],
    ['a=\0', 'NUL'],
  ])('%j is refused with its place', (text, place) => {
    const parsed = parse(text);
    expect(parsed).toMatchObject({ kind: 'refused', reason: { code: 'outputs-invalid' } });
    expect(JSON.stringify(parsed)).toContain(place);
  });

  it('above 64 KiB are refused with the word artifact', () => {
    expect(parse(`a=${'x'.repeat(65_534)}`).kind).toBe('outputs');
    const parsed = parse(`a=${'x'.repeat(65_535)}`);
    expect(parsed).toMatchObject({ kind: 'refused', reason: { code: 'outputs-too-large' } });
    expect(JSON.stringify(parsed)).toContain('artifact');
  });

  it('that are not UTF-8 are refused', () => {
    expect(parseOutputs(Buffer.from([0x61, 0x3d, 0xff]))).toMatchObject({ kind: 'refused' });
  });

  it('that hold a secret are named by their key, never by the value', () => {
    const reason = findSecretOutput({ url: 'https://x:hunter2@h' }, { PASSWORD: 'hunter2', EMPTY: '' });
    expect(reason).toMatchObject({ code: 'outputs-hold-secret' });
    expect(reason?.message).not.toContain('hunter2');
    for (const form of [
      Buffer.from('user:correct-horse').toString('base64'),
      encodeURIComponent('x/p&ss w+rd'),
      'correct-\nhorse',
    ]) {
      const found = findSecretOutput({ fine: 'x', form }, { PLAIN: 'correct-horse', ODD: 'p&ss w+rd' });
      expect(found).toMatchObject({ code: 'outputs-hold-secret' });
      expect(found?.message).toContain('"form"');
    }
    expect(findSecretOutput({ a: 'fine' }, { PASSWORD: 'hunter2', EMPTY: '' })).toBeNull();
  });
});
