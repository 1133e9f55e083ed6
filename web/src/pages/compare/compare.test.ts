import { describe, expect, it } from 'vitest';
import type { NodeComparison } from '#core/rest-compare.ts';
import type { TestResultObject } from '#core/rest-tests.ts';
import { compareTests } from './compare-tests.ts';
import { countHits, listCaches, listDeltas, listEndings, listImages, listUnpaired } from './list-deltas.ts';

type Ending = NonNullable<NodeComparison['base']>['ending'];
const outcome = (ending: Ending, durationMs: number | null) => ({
  ending,
  durationMs,
  attempts: 1,
  image: null,
  serviceImages: {},
  caches: [],
});
const nodes: NodeComparison[] = [
  { name: 'a', base: outcome('passed', 1_000), head: outcome('failed', 3_000), properties: [] },
  { name: 'b', base: outcome('passed', 9_000), head: outcome('passed', 2_000), properties: [] },
  { name: 'same', base: outcome('passed', 5), head: outcome('passed', 5), properties: [] },
  { name: 'new', base: null, head: outcome('passed', 1), properties: [] },
  { name: 'gone', base: outcome('passed', 1), head: null, properties: [] },
];

describe('two runs side by side', () => {
  it('have their durations by how much they differ', () => {
    expect(listDeltas({ nodes }).map(({ name, deltaMs }) => `${name} ${deltaMs}`)).toEqual(['b -7000', 'a 2000']);
  });

  it('name endings that changed, and what stands in one alone', () => {
    expect(listEndings({ nodes }).map(({ name }) => name)).toEqual(['a']);
    expect(listUnpaired({ nodes })).toEqual({ added: ['new'], removed: ['gone'] });
  });

  it('name images that are others behind the same reference', () => {
    const ran = (image: string | null) => ({ ...outcome('passed', 1), image });
    const ends = [
      ['moved', ran('sha256:1'), ran('sha256:2')],
      ['same', ran('sha256:1'), ran('sha256:1')],
      ['process', ran(null), ran(null)],
      ['unknown', ran(null), ran('sha256:2')],
      ['new', null, ran('sha256:2')],
      [
        'beside',
        { ...ran('sha256:1'), serviceImages: { db: 'sha256:3' } },
        { ...ran('sha256:1'), serviceImages: { db: 'sha256:4', web: 'sha256:5' } },
      ],
    ] as const;
    const imaged = ends.map(([name, base, head]) => ({ name, base, head, properties: [] }));
    expect(listImages({ nodes: imaged })).toEqual([
      { name: 'moved', base: 'sha256:1', head: 'sha256:2' },
      { name: 'beside, service db', base: 'sha256:3', head: 'sha256:4' },
    ]);
  });

  it('name caches that found something else, and count the hits of both', () => {
    const found = (...caches: NonNullable<NodeComparison['base']>['caches']) => ({ ...outcome('passed', 1), caches });
    const cached: NodeComparison[] = [
      {
        ...{ name: 'a', properties: [] },
        base: found({ name: 'npm', found: 'key' }, { name: 'same', found: 'key' }),
        head: found(
          { name: 'npm', found: 'nothing' },
          { name: 'same', found: 'key' },
          { name: 'new', found: 'prefix' },
        ),
      },
    ];
    expect(listCaches({ nodes: cached })).toEqual([
      { stage: 'a', name: 'npm', base: 'key', head: 'nothing' },
      { stage: 'a', name: 'new', base: null, head: 'prefix' },
    ]);
    expect(countHits({ nodes: cached })).toEqual({ base: { hits: 2, of: 2 }, head: { hits: 1, of: 3 } });
  });

  it('name tests that fail now, are mended, or are slower by a fifth and a second', () => {
    const test = (name: string, result: TestResultObject['outcome'], durationMs: number): TestResultObject =>
      ({ stage: 't', suite: 's', name, outcome: result, durationMs }) as TestResultObject;
    const base = [
      test('breaks', 'passed', 1),
      test('mends', 'failed', 1),
      test('slows', 'passed', 2_000),
      test('sways', 'passed', 9_000),
    ];
    const head = [
      test('breaks', 'errored', 1),
      test('mends', 'passed', 1),
      test('slows', 'passed', 3_500),
      test('sways', 'passed', 10_100),
      test('new', 'failed', 1),
    ];
    expect(compareTests(base, head).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'failing breaks',
      'fixed mends',
      'slower slows',
    ]);
  });
});
