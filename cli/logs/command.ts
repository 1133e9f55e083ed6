import type { ApiClient } from '#api/client/client.ts';
import { parseDuration } from '#core/duration.ts';
import type { LogRowObject } from '#core/rest-logs.ts';
import type { RunObject, StageObject } from '#core/rest.ts';
import type { Call, Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import type { Session } from '../context/session.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { findNearest } from '../grammar/nearest.ts';
import { quoteWord } from '../live/words.ts';
import { readCount } from '../settings.ts';
import { keepColors } from '../terminal/sanitize.ts';
import { followLogs } from './follow-logs.ts';
import { prefixOf, printClean, printRaw, writeSlowly } from './print-log.ts';

type LogsCall = Call<Commands['runs logs']>;

/** A log to print: the last attempt of a stage. */
export interface LogSource {
  stage: string;
  attempt: number;
  lines: number;
  startedAt: string | null;
}

/** `buildit runs logs RUN [STAGE]` */
export const handle: Handler<Commands['runs logs']> = async (call) => {
  const { options, words } = call;
  checkFlags(call);
  const tail = options.tail === null ? null : readCount('--tail', options.tail);
  const since = options.since === null ? null : readSince(options.since);
  const { session, api, run } = await openRun(call, words[0]);
  const stages = chooseStages(call, run, await api.listStages(run.id));
  if (options.follow) return follow(call, session, run, stages, tail);
  const sources = stages.flatMap(sourceOf);
  if (sources.length === 0) call.screen.say(explainNone(run, stages));
  for (const source of sources) await printLog(call, api, run, source, { tail, since, isAlone: sources.length === 1 });
  return EXIT.done;
};

async function printLog(
  call: LogsCall,
  api: ApiClient,
  run: RunObject,
  source: LogSource,
  { tail, since, isAlone }: { tail: number | null; since: number | null; isAlone: boolean },
): Promise<void> {
  const { stage, attempt } = source;
  const isData = call.format === 'json' || call.format === 'ndjson' || call.format === 'yaml';
  if (call.options.raw) {
    await printRaw(await api.readRawLog(run.id, stage, attempt));
    return;
  }
  const prefix = prefixOf(stage, isAlone, call.screen);
  if (tail === null && since === null && !isData) {
    const { gaps } = await api.readLogIndex(run.id, stage, attempt);
    if (gaps.length === 0) {
      await printClean(await api.readRawLog(run.id, stage, attempt), prefix);
      return;
    }
  }
  for await (const row of readRows(api, run, source, tail)) {
    if ('gap' in row) {
      call.screen.say(
        `${stage}: ${row.gap.bytes} bytes missing, ${row.gap.fromAt} to ${row.gap.toAt}, ${row.gap.cause}\n`,
      );
      continue;
    }
    if (since !== null && source.startedAt !== null && Date.parse(source.startedAt) + row.t < since) continue;
    await writeSlowly(
      isData ? `${JSON.stringify({ stage, attempt, ...row })}\n` : `${prefix}${keepColors(row.text)}\n`,
    );
  }
}

/** Rows of a log, page by page: from its first line, or the last `tail`. */
async function* readRows(
  api: ApiClient,
  run: RunObject,
  source: LogSource,
  tail: number | null,
): AsyncGenerator<LogRowObject> {
  if (tail !== null) {
    yield* await api.readLog(run.id, source.stage, source.attempt, { tail });
    return;
  }
  for (let from = 1; ;) {
    const rows = await api.readLog(run.id, source.stage, source.attempt, { from, limit: 1_000 });
    yield* rows;
    const last = rows.findLast((row) => 'n' in row);
    if (!last || !('n' in last) || last.n < from) return;
    from = last.n + 1;
  }
}

function follow(
  call: LogsCall,
  session: Session,
  run: RunObject,
  stages: readonly StageObject[],
  tail: number | null,
): Promise<ExitCode> {
  const wanted = call.words[1] === undefined && !call.options.failed ? null : new Set(stages.map(({ name }) => name));
  return followLogs({ call, session, run, stages, wanted, tail });
}

function chooseStages(call: LogsCall, run: RunObject, stages: readonly StageObject[]): StageObject[] {
  const name = call.words[1];
  const isBad = ({ status }: StageObject) =>
    status.kind === 'ended' && !['passed', 'skipped', 'not-run'].includes(status.ending);
  const chosen = stages.filter(
    (stage) => (name === undefined || stage.name === name || stage.stage === name) && stage.kind === 'stage',
  );
  if (chosen.length === 0 && name !== undefined) {
    const near = findNearest(
      name,
      stages.map((stage) => stage.name),
    );
    throw new CommandError(EXIT.notFound, {
      code: 'stage-unknown',
      message: `${run.label} has no stage "${name}"`,
      fix: near !== null ? `did you mean "${near}"?` : `buildit runs show ${run.label} lists its stages`,
    });
  }
  return chosen.filter((stage) => !call.options.failed || isBad(stage)).toSorted((a, b) => a.position - b.position);
}

function sourceOf(stage: StageObject): LogSource[] {
  const last = stage.attempts.at(-1);
  if (!last) return [];
  return [{ stage: stage.name, attempt: last.attempt, lines: last.log.lines, startedAt: last.startedAt }];
}

function explainNone(run: RunObject, stages: readonly StageObject[]): string {
  const carried = stages.find((stage) => stage.carriedFrom !== null);
  if (carried && stages.length === 1) {
    return `${carried.name} was carried over. Next: buildit logs ${carried.carriedFrom} ${quoteWord(carried.name)}\n`;
  }
  return `${run.label} has no log to show. Next: buildit runs show ${run.label}\n`;
}

function checkFlags({ options, words }: LogsCall): void {
  const refuse = (message: string, fix: string) => new CommandError(EXIT.usage, { code: 'usage', message, fix });
  if (options.raw && (options.tail !== null || options.since !== null || options.follow)) {
    throw refuse('--raw gives the stored bytes whole', 'leave --tail, --since and --follow out, or --raw');
  }
  if (options.raw && words[1] === undefined && !options.failed) {
    throw refuse('--raw needs a STAGE', 'write buildit runs logs RUN STAGE --raw');
  }
}

/** A moment in ms: `10m` is so long ago, else an ISO time. */
function readSince(written: string): number {
  const ago = parseDuration(written);
  const at = ago === null ? Date.parse(written) : Date.now() - ago;
  if (!Number.isNaN(at)) return at;
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `--since needs a duration or a time, not "${written}"`,
    fix: 'for example --since 10m or --since 2026-05-01T12:00:00Z',
  });
}
