import { describe, expect, it } from 'vitest';
import { describeSilence, explainExit, formatSeconds } from './stage-words.ts';

const at = (ms: number) => new Date(ms).toISOString();

describe('words about a stage', () => {
  it('say how long a stage gave no sign of life, from 20 s on', () => {
    const status = { kind: 'running', attempt: 1, since: at(0), heartbeatAt: at(0) } as const;
    expect(describeSilence({ kind: 'stage', status }, 19_000)).toBeNull();
    expect(describeSilence({ kind: 'stage', status }, 23_400)).toBe('no sign of life for 23s');
  });

  it('explain exit codes that are not a program’s own', () => {
    expect([1, 127, 137, 150].map(explainExit)).toEqual([
      null,
      'the command was not found',
      'killed (SIGKILL)',
      'ended by signal 22',
    ]);
  });

  it('tick without tenths', () => {
    expect([0, 9_900, 61_000].map(formatSeconds)).toEqual(['0s', '9s', '1m 01s']);
  });
});
