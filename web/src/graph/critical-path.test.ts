import { describe, expect, it } from 'vitest';
import { findCriticalPath } from './critical-path.ts';
import { executed, stage } from './testing/stages.ts';

describe('the critical path', () => {
  it('goes from the stage that ended last back through the need that ended last', () => {
    const stages = [
      executed('a', [], [0, 100]),
      executed('b', [], [0, 300]),
      executed('c', ['a', 'b'], [300, 500]),
      executed('d', ['a'], [100, 400]),
    ];
    expect(findCriticalPath(stages, 0)).toEqual({
      spanMs: 500,
      stages: [
        { name: 'b', durationMs: 300, share: 0.6 },
        { name: 'c', durationMs: 200, share: 0.4 },
      ],
    });
  });

  it('counts what runs to now', () => {
    const stages = [executed('a', [], [0, 100]), executed('b', ['a'], [200, null])];
    const { spanMs, stages: path } = findCriticalPath(stages, 1_000);
    expect([spanMs, path.at(-1)]).toEqual([1_000, { name: 'b', durationMs: 800, share: 0.8 }]);
  });

  it('looks through gates and stages that did not execute', () => {
    const gate = stage('ship', ['a'], { kind: 'gate', startedAt: new Date(100).toISOString() });
    const skipped = stage('skipped', ['ship']);
    const stages = [executed('a', [], [0, 100]), gate, skipped, executed('b', ['skipped'], [900, 1_000])];
    expect(findCriticalPath(stages, 0).stages.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('is empty before anything ran', () => {
    expect(findCriticalPath([stage('a')], 0)).toEqual({ spanMs: 0, stages: [] });
  });
});
