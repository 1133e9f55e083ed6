import * as z from 'zod/mini';
import { type AskedChange, MAX_EXTENSION_MS } from '#core/change.ts';
import { releaseRuns } from '#db/queries/incident-pauses.ts';
import { commandRun } from '../commands/command-run.ts';
import type { ApiContext } from '../context.ts';
import { route, type Call, type Route } from '../route.ts';
import { commandSchema } from '../schemas/problem.ts';
import { runSchema } from '../schemas/run.ts';

const reason = z.exactOptional(z.string().check(z.minLength(1), z.maxLength(1_000)));
const stage = z.string().check(z.minLength(1), z.maxLength(500));

const access = { kind: 'object', object: 'run', param: 'run', action: 'run:change' } as const;
const answers = { 200: runSchema, 202: commandSchema };
const tag = 'runs';

/** A change before it has its id and its author. */
type Change = AskedChange extends infer Each ? (Each extends AskedChange ? Omit<Each, 'id' | 'by'> : never) : never;

/** What people change in a run while it is open: each an update of its workflow, audited and kept with its history. */
export function runChangeRoutes(context: ApiContext): Route[] {
  const change = (call: Call<'/runs/:run', unknown, unknown>, wanted: Change) => {
    const { kind, ...detail } = wanted;
    // Who pauses or resumes a run takes it out of the incident of its workspace.
    const isTaken = kind === 'pause' || kind === 'resume';
    return commandRun(context, call, {
      action: `run.${kind}`,
      detail,
      createUpdate: (id) => ({
        id,
        name: 'changeRun',
        args: [{ ...wanted, id, by: call.principal.actor } as AskedChange],
      }),
      ...(isTaken ? { follow: (scoped, { id }) => releaseRuns(scoped, [id]) } : {}),
    });
  };
  return [
    route({
      ...{ method: 'post', path: '/runs/:run/pause', name: 'pauseRun', tag, access, answers },
      summary: 'Pauses a run: nothing new starts, what runs goes on to its end, clocks stand still.',
      body: z.strictObject({ reason }),
      handle: (call) => change(call, { kind: 'pause', reason: call.body.reason ?? null }),
    }),
    route({
      ...{ method: 'post', path: '/runs/:run/resume', name: 'resumeRun', tag, access, answers },
      summary: 'Lets a paused run go on.',
      body: z.strictObject({}),
      handle: (call) => change(call, { kind: 'resume' }),
    }),
    route({
      ...{ method: 'post', path: '/runs/:run/extend', name: 'extendTimeout', tag, access, answers },
      summary: 'Gives a stage, or without one the run, more time than its limit.',
      body: z.strictObject({ stage: z.exactOptional(stage), ms: z.int().check(z.gte(1_000), z.lte(MAX_EXTENSION_MS)) }),
      handle: (call) => change(call, { kind: 'extend', stage: call.body.stage ?? null, ms: call.body.ms }),
    }),
    route({
      ...{ method: 'post', path: '/runs/:run/skip', name: 'skipStage', tag, access, answers },
      summary: 'Skips a stage that has not begun.',
      body: z.strictObject({ stage, reason }),
      handle: (call) => change(call, { kind: 'skip', stage: call.body.stage, reason: call.body.reason ?? null }),
    }),
    route({
      ...{ method: 'post', path: '/runs/:run/retry-stage', name: 'retryStage', tag, access, answers },
      summary: 'Begins a stage that failed once more while the run is open.',
      body: z.strictObject({ stage }),
      handle: (call) => change(call, { kind: 'retry', stage: call.body.stage }),
    }),
  ];
}
