import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { CRASH_POINTS, type CrashPoint } from '#core/crash-point.ts';
import { findProcesses, useTestEngines } from './testing/test-engine.ts';

const POINTS = (Object.keys(CRASH_POINTS) as CrashPoint[]).filter((point) => CRASH_POINTS[point] === 'supervisor');
const root = mkdtempSync(join(tmpdir(), 'engine-points-'));
afterAll(() => rmSync(root, { recursive: true }));
const makeEngine = useTestEngines();

it.each(POINTS.flatMap((point) => [`${point}:1`, `${point}:1:term`]))(
  'a supervisor that dies at %s leaves nothing that the next one cannot end',
  async (order) => {
    const crashFolder = join(root, order);
    const engine = makeEngine({ environment: { BUILDIT_CRASH_FOLDER: crashFolder, BUILDIT_CRASH_AT: order } });
    // The command that started it may hear of the death, or find it gone and start another.
    await engine.ensure().catch(() => null);
    expect(existsSync(join(crashFolder, `${order.split(':')[0]}.spent`))).toBe(true);
    const { file } = await engine.ensure();
    expect(findProcesses(`${engine.dataFolder}/temporal-`)).toEqual([file.temporal.pid]);
    expect(await engine.pidOf('postgres')).toBe(file.postgres.pid);
  },
);
