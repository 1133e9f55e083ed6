import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { CRASH_POINTS, type CrashPoint } from '#core/crash-point.ts';
import type { RunObject } from '#core/rest.ts';
import { describeWith } from '../env/describe-with.ts';
import { fresh } from '../env/fresh.ts';
import { checkRuns, checkTogether, findLeftovers } from './check-invariants.ts';
import { openLab, type Lab } from './lab.ts';
import { writeStep } from './ledger.ts';

/**
 * A process dies at each point: killed in a stage of one executor, told to leave (SIGTERM) in a stage of the other, or
 * the other way round for every second point; so each pair of point, signal and executor occurs. Where a list says
 * nothing of the executor the pairs are those of point and signal.
 */
const EXECUTORS = ['docker', 'process'] as const;
type Executor = (typeof EXECUTORS)[number];

interface Row {
  point: CrashPoint;
  term: boolean;
  executor: Executor;
}

const pointsOf = (role: (typeof CRASH_POINTS)[CrashPoint]) =>
  (Object.keys(CRASH_POINTS) as CrashPoint[]).filter((point) => CRASH_POINTS[point] === role);
const pair = (points: readonly CrashPoint[]): Row[] =>
  points.flatMap((point, index) =>
    [false, true].map((term) => ({ point, term, executor: EXECUTORS[(index + Number(term)) % 2] ?? 'docker' })),
  );

/** The rows are shared among so many days. */
const SHARES = 3;
const DAY_MS = 86_400_000;

/** Another third each day, all of them with `BUILDIT_EVERY_POINT=1`. */
function listRowsOfToday(points: readonly CrashPoint[]): Row[] {
  const rows = pair(points);
  if (process.env['BUILDIT_EVERY_POINT'] === '1') return rows;
  return rows.filter((_, index) => index % SHARES === Math.floor(Date.now() / DAY_MS) % SHARES);
}

/** Of a point that is passed more than once in a run, not the first time. */
const NTH: Partial<Record<CrashPoint, number>> = { 'log-after-flush': 3, 'record-before-commit': 2 };

/** A stage with everything that has a point: a group, output in parts, an artifact, and a cache that is new. */
function writePipeline(name: string, executor: Executor, point: CrashPoint): string {
  const hasCache = point.startsWith('cache');
  // What is over is removed a moment later, when nothing else of the run goes first.
  const hasSuccessor = point === 'stage-before-remove';
  const [rule, use] = hasCache ? [`cache "kept" { path "kept-${name}"; key "${name}" }`, 'cache "kept"'] : ['', ''];
  const image = executor === 'docker' ? 'image "busybox:1.37"' : 'executor "process"';
  return `pipeline "${name}" { concurrency "${name}" when-busy="queue" }
${rule}
stage "work" {
  ${image}
  runs-on "${executor}"
  ${use}
  artifact "made" { path "made-${name}/*" }
  ${writeStep({ parts: 5, pause: '0.1' }, `mkdir -p kept-${name} made-${name}; cat blob > kept-${name}/a; cat blob blob > made-${name}/b`)}
}
${hasSuccessor ? `stage "next" needs="work" { ${image}; runs-on "${executor}"; ${writeStep({ parts: 10, pause: '0.1' })} }` : ''}
`;
}

describeWith(['docker', 'temporal'], 'a process that dies at a named point', () => {
  let lab: Lab;
  /** Of all tries of the test. */
  const known = new Set<string>();
  /** Of this one. */
  let runs: RunObject[] = [];
  beforeAll(async () => {
    lab = await openLab({ hosts: EXECUTORS, workersEach: 2 });
  }, 240_000);
  afterAll(() => lab.dispose(), 60_000);
  beforeEach(() => {
    runs = [];
    // What still runs would come to the points of the next try.
    onTestFailed(async () => void (await Promise.allSettled(runs.map(({ id }) => lab.client.cancelRun(id, true)))));
  });

  async function walk(rows: readonly Row[]): Promise<void> {
    for (const { point, term, executor } of rows) {
      const nth = NTH[point] ?? 1;
      const name = `${point}-${term ? 'term' : 'kill'}-${executor}`;
      lab.arm(point, { nth, term, host: executor });
      // A group and a cache of this try: nobody has a place there, and nothing is kept yet.
      const run = await lab.start(writePipeline(fresh(name), executor, point));
      runs.push(run);
      known.add(run.id);
      await lab.awaitEnd(run.id);
      const endings = (await lab.client.listStages(run.id)).map(({ status }) => status);
      const passed = endings.map(() => ({ kind: 'ended', ending: 'passed', reason: null, at: expect.any(String) }));
      expect([name, endings]).toEqual([name, passed]);
      await expect.poll(() => [name, lab.isSpent(point, executor)], { timeout: 30_000 }).toEqual([name, true]);
    }
  }
  const rowsOf = (executor: Executor) => listRowsOfToday(pointsOf('host')).filter((row) => row.executor === executor);

  test('costs nothing: each run ends once, each attempt begins once, its log is whole, nothing stays behind', async () => {
    // Each worker has its own rows; the others meet what a dying worker leaves to them.
    await Promise.all([...EXECUTORS.map((executor) => walk(rowsOf(executor))), walk(listRowsOfToday(pointsOf('api')))]);
    await walk(listRowsOfToday(pointsOf('control')));
    await expect.poll(() => findLeftovers(lab), { timeout: 60_000, interval: 200 }).toEqual([]);
    const passed = runs.map((run) => ({ run, endings: ['passed'] }));
    expect([...(await checkRuns(lab, passed)), ...(await checkTogether(lab, known))]).toEqual([]);
    const points = [pointsOf('host'), pointsOf('control'), pointsOf('api')];
    expect(runs).toHaveLength(points.flatMap(listRowsOfToday).length);
  }, 1_200_000);
});
