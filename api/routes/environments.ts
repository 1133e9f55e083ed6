import { v7 as createId } from 'uuid';
import * as z from 'zod/mini';
import type { EnvironmentLock, EnvironmentObject } from '#core/rest-environments.ts';
import {
  changeEnvironment,
  deleteEnvironment,
  insertEnvironment,
  listEnvironments,
  listReferredEnvironments,
  lockEnvironmentRow,
  type EnvironmentWithNames,
} from '#db/queries/environments.ts';
import { listHeldBack } from '#db/queries/run-environments.ts';
import type { Scoped } from '#db/scope.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { toEnvironmentObject } from '../objects/environment-object.ts';
import { MAX_LIMIT } from '../page.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Call, type Route } from '../route.ts';
import {
  changeEnvironmentSchema,
  createEnvironmentSchema,
  environmentSchema,
  lockReasonSchema,
} from '../schemas/environment.ts';
import { pageOf, wholePage } from '../schemas/page.ts';

const tag = 'environments';
const query = z.strictObject({ workspace: z.optional(z.string()) });
const mayRead = { kind: 'object', object: 'environment', param: 'environment', action: 'run:read' } as const;
const mayWrite = { ...mayRead, action: 'environment:write' } as const;

/** Environments and their locks. */
export function environmentRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{
        method: 'get',
        path: '/environments',
        name: 'listEnvironments',
        tag,
        access: { kind: 'signed-in', action: 'run:read' },
      },
      summary: 'Lists environments in the order of their workspace.',
      query,
      answers: { 200: pageOf(environmentSchema) },
      async handle(call) {
        const filter = { workspace: call.query.workspace ?? null, name: null };
        const rows = await call.data((scoped) => listEnvironments(scoped, filter, MAX_LIMIT * 5));
        return call.request.json(wholePage(rows.map((row) => toEnvironmentObject(row, call.principal))));
      },
    }),
    route({
      ...{ method: 'post', path: '/environments', name: 'createEnvironment', tag },
      summary: 'Adds an environment to a workspace.',
      access: { kind: 'workspace', action: 'environment:write' },
      query,
      body: createEnvironmentSchema,
      answers: { 201: environmentSchema },
      async handle(call) {
        const { request, body, data, principal, owner } = call;
        const workspaceId = owner?.workspaceId;
        if (!workspaceId) throw new Error('a route over a workspace has its owner');
        const { name, description = '', position = 0 } = body;
        return once(context, request, body, (keep) =>
          data(async (scoped) => {
            const id = createId();
            const isMade = await insertEnvironment(scoped, { id, workspaceId, name, description, position });
            if (!isMade) throw refuseTaken(name);
            const row = await take(scoped, id);
            await audit(scoped, call, row, 'environment.create', { description, position });
            const headers = { Location: `/api/v1/environments/${id}`, ETag: etagOf(row.version) };
            const answer = answerJson(201, toEnvironmentObject(row, principal), headers);
            await keep(scoped, answer);
            return answer;
          }),
        );
      },
    }),
    route({
      ...{ method: 'get', path: '/environments/:environment', name: 'getEnvironment', tag, access: mayRead, query },
      summary: 'Answers an environment by its id or name.',
      answers: { 200: environmentSchema },
      async handle({ request, params, data, principal }) {
        const [row] = await data((scoped) => listReferredEnvironments(scoped, params.environment));
        if (!row) throw notFound(`environment ${params.environment}`);
        return answer(request, toEnvironmentObject(row, principal));
      },
    }),
    route({
      ...{
        method: 'patch',
        path: '/environments/:environment',
        name: 'changeEnvironment',
        tag,
        access: mayWrite,
        query,
      },
      summary: 'Changes what is said of an environment and where it stands.',
      body: changeEnvironmentSchema,
      answers: { 200: environmentSchema },
      async handle(call) {
        const { request, body, principal } = call;
        const object = await change(call, 'environment.change', (row) => {
          requireMatch(request, row.version, toEnvironmentObject(row, principal));
          return { ...row, ...body };
        });
        return answer(request, object);
      },
    }),
    route({
      ...{
        method: 'delete',
        path: '/environments/:environment',
        name: 'deleteEnvironment',
        tag,
        access: mayWrite,
        query,
      },
      summary: 'Removes an environment with its secrets and targets; a locked one stays.',
      answers: { 204: 'none' },
      async handle(call) {
        const { request, params, data, principal } = call;
        await data(async (scoped) => {
          const row = await take(scoped, params.environment);
          requireMatch(request, row.version, toEnvironmentObject(row, principal));
          if (row.lock) throw refuseLocked(row, row.lock);
          await deleteEnvironment(scoped, row.id);
          await audit(scoped, call, row, 'environment.delete', {});
        });
        return new Response(null, { status: 204 });
      },
    }),
    route({
      ...{
        method: 'post',
        path: '/environments/:environment/lock',
        name: 'lockEnvironment',
        tag,
        access: mayWrite,
        query,
      },
      summary: 'Keeps an environment as it is, for a reason that everybody sees.',
      body: lockReasonSchema,
      answers: { 200: environmentSchema },
      async handle(call) {
        const object = await change(call, 'environment.lock', (row) => {
          if (row.lock) throw refuseLocked(row, row.lock);
          return { ...row, lock: { by: call.principal.actor, reason: call.body.reason, at: new Date().toISOString() } };
        });
        return answer(call.request, object);
      },
    }),
    route({
      ...{ method: 'post', path: '/environments/:environment/unlock', name: 'unlockEnvironment', tag },
      ...{ access: mayWrite, query },
      summary: 'Takes the lock of an environment away, whoever set it.',
      body: lockReasonSchema,
      answers: { 200: environmentSchema },
      async handle(call) {
        const object = await change(call, 'environment.unlock', (row) => {
          if (!row.lock) throw new ProblemError(409, 'environment-unlocked', `${row.name} is not locked`);
          return { ...row, lock: null };
        });
        await wakeHeldBack(context, call, object);
        return answer(call.request, object);
      },
    }),
  ];
}

type EnvironmentCall = Pick<Call<'/:environment'>, 'request' | 'principal' | 'params' | 'data'> & { body: unknown };

/** Changes the locked row and writes down who did, with what it was before. */
async function change(
  call: EnvironmentCall,
  action: string,
  alter: (row: EnvironmentWithNames) => EnvironmentWithNames,
): Promise<EnvironmentObject> {
  return call.data(async (scoped) => {
    const row = await take(scoped, call.params.environment);
    const altered = alter(row);
    await changeEnvironment(scoped, row.id, altered);
    const { description, position, lock } = row;
    await audit(scoped, call, row, action, { before: { description, position, lock }, after: call.body });
    return toEnvironmentObject({ ...altered, version: row.version + 1 }, call.principal);
  });
}

/** Who waits for the lock to go looks again; who is not reached does so by itself, later. */
async function wakeHeldBack(
  context: ApiContext,
  { data, owner }: Pick<Call, 'data' | 'owner'>,
  { name }: EnvironmentObject,
): Promise<void> {
  const workspaceId = owner?.workspaceId;
  if (!workspaceId) return;
  const waiting = await data((scoped) => listHeldBack(scoped, workspaceId, name));
  await Promise.allSettled(waiting.map((stage) => context.workflows.tellPlaceGiven(stage.runId, stage.name)));
}

async function take(scoped: Scoped, id: string): Promise<EnvironmentWithNames> {
  const row = await lockEnvironmentRow(scoped, id);
  if (!row) throw notFound(`environment ${id}`);
  return row;
}

async function audit(
  scoped: Scoped,
  call: Pick<Call, 'request' | 'principal'>,
  row: EnvironmentWithNames,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const object = { kind: 'environment', id: row.id, name: row.name };
  await recordAudit(scoped, call, { action, owner: row, object, detail });
}

function answer(request: Call['request'], object: EnvironmentObject): Response {
  return request.json(object, 200, { ETag: etagOf(object.seq) });
}

function refuseTaken(name: string): ProblemError {
  return new ProblemError(409, 'environment-exists', `the workspace has an environment ${name}`, {
    hint: 'choose another name',
  });
}

function refuseLocked(row: EnvironmentWithNames, lock: EnvironmentLock): ProblemError {
  return new ProblemError(409, 'environment-locked', `${row.name} is locked by ${lock.by}: ${lock.reason}`, {
    hint: `ask ${lock.by}, or unlock it: buildit environments unlock ${row.name}`,
    present: lock,
  });
}
