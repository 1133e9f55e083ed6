import type { AttemptObject, RunObject, StageObject } from '#core/rest.ts';
import type { Status } from '#core/run.ts';
import { choosePaint } from '../terminal/color.ts';
import { chooseMarks } from '../terminal/glyph.ts';
import type { Screen } from '../terminal/screen.ts';

/** Objects as the API gives them, for tests of what is made from them. Times count in ms from the run's creation. */
export const EPOCH = Date.parse('2026-01-01T00:00:00.000Z');

export function at(ms: number): string {
  return new Date(EPOCH + ms).toISOString();
}

export function runObject(fields: Partial<RunObject> = {}): RunObject {
  return {
    id: 'run-1',
    topic: 'run:run-1',
    seq: 1,
    createdAt: at(0),
    status: { kind: 'running', attempt: 1, since: at(0), heartbeatAt: at(0) },
    workspace: 'main/main',
    pipeline: { id: 'p', name: 'shop-api', file: '/src/.buildit.kdl', repository: null },
    number: 18,
    attempt: 1,
    label: 'local/18',
    trigger: 'local',
    startedBy: 'user:local',
    branch: null,
    commit: null,
    priority: 3,
    pipelineVersion: null,
    url: '/main/main/pipelines/shop-api/runs/18',
    git: null,
    params: {},
    planDigest: 'd',
    startedAt: null,
    endedAt: null,
    durationMs: null,
    notices: [],
    gatesWaiting: [],
    can: { cancel: true, rerun: true, pause: true, resume: true, change: true, shell: true },
    ...fields,
  };
}

let seq = 1;

export function stageObject(
  name: string,
  status: Status,
  attempts: AttemptObject[] = [],
  fields: Partial<StageObject> = {},
): StageObject {
  seq += 1;
  return {
    id: name,
    topic: 'run:run-1',
    seq,
    createdAt: at(0),
    status,
    runId: 'run-1',
    kind: 'stage',
    name,
    stage: name.replace(/\[.*/, ''),
    leg: null,
    position: 0,
    needs: [],
    executor: 'docker',
    attempts,
    reason: null,
    outputs: {},
    carriedFrom: null,
    extendedMs: 0,
    ...fields,
  };
}

export function runningStatus(since: number, attempt = 1): Status {
  return { kind: 'running', attempt, since: at(since), heartbeatAt: at(since) };
}

export function attemptObject(attempt: number, startedAt: number, fields: Partial<AttemptObject> = {}): AttemptObject {
  return {
    attempt,
    status: runningStatus(startedAt, attempt),
    exitCode: null,
    step: null,
    reason: null,
    startedAt: at(startedAt),
    endedAt: null,
    image: null,
    serviceImages: {},
    runner: null,
    caches: [],
    tests: null,
    log: { lines: 0, bytes: 0, ended: false },
    fault: null,
    ...fields,
  };
}

/** A screen without colours; what was written is in `written`. */
export function paperScreen(fields: Partial<Screen> = {}): Screen & { written: { out: string; err: string } } {
  const written = { out: '', err: '' };
  const say = (text: string) => {
    written.err += text;
  };
  return {
    out: (text) => {
      written.out += text;
    },
    say,
    cry: say,
    trace: () => {},
    paint: choosePaint(false),
    paintOut: choosePaint(false),
    marks: chooseMarks(true),
    isUnicode: true,
    glyphOf: (look) => look.glyph,
    isOutTty: true,
    isErrTty: true,
    canPrompt: false,
    columns: () => 80,
    size: () => ({ columns: 80, rows: 24 }),
    ...fields,
    written,
  };
}
