import { expect, it } from 'vitest';
import type { RunMark } from '#core/rest-pipelines.ts';
import { measurePipeline } from './statistics.ts';

const mark = (state: RunMark['state'], durationMs: number | null = 1_000): RunMark => ({
  ...{ number: 1, attempt: 1, state, durationMs, createdAt: '2026-01-02T03:04:05.000Z' },
});

it('what was cancelled or is open counts neither way', () => {
  const runs = [
    mark('running', 9_000),
    mark('passed', 100),
    mark('failed', 300),
    mark('cancelled', 200),
    mark('soft-failed', 400),
  ];
  expect(measurePipeline(runs)).toEqual({ count: 3, passedPercent: 67, medianMs: 200, p95Ms: 400, open: 1 });
  expect(measurePipeline([])).toEqual({ count: 0, passedPercent: null, medianMs: null, p95Ms: null, open: 0 });
});
