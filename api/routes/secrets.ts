import * as z from 'zod/mini';
import type { CreateSecretRequest } from '#core/rest-secrets.ts';
import { setSecretRotation } from '#db/queries/change-secret.ts';
import { listReferred } from '#db/queries/pipelines.ts';
import { findEnvironmentId, findNamedSecret, listSecrets, type SecretWithNames } from '#db/queries/secrets.ts';
import type { Scoped } from '#db/scope.ts';
import type { Commit, SecretChange, SecretPlace, SecretRecord } from '#store/secret/port.ts';
import { requireAction } from '../access/authorize.ts';
import { requireFresh } from '../access/fresh.ts';
import type { Owner } from '../access/principal.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { type Answer, answerJson, once } from '../idempotency.ts';
import { toSecretObject } from '../objects/secret-object.ts';
import { DEFAULT_LIMIT, readCursor, toPage } from '../page.ts';
import { etagOf, requireMatch } from '../precondition.ts';
import { notFound, ProblemError } from '../problem.ts';
import { type Call, route, type Route } from '../route.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';
import { createSecretSchema, secretName, secretSchema, secretValue } from '../schemas/secret.ts';

const tag = 'secrets';
const one = { kind: 'object', object: 'secret', param: 'secret' } as const;

/** Below this a masker would hide half of an ordinary log, or nothing. */
const MASKABLE_BYTES = 6;

/** A secret that stages got within this time is deleted by its name only. */
const LATELY_MS = 90 * 24 * 3_600_000;

/** Ten years. */
const MAX_ROTATE_DAYS = 3_650;

/**
 * Secrets are written and never read: no route answers a value, and none of these keeps one but sealed. What writes
 * wants a fresh sign-in (I19). History is in secret-history.ts.
 */
export function secretRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/secrets', name: 'listSecrets', tag },
      summary: 'Lists the secrets that hold in a workspace, those of its organization among them; never a value.',
      access: { kind: 'workspace', action: 'secret:list' },
      query: z.strictObject({ ...pageQuery, name: z.optional(secretName) }),
      answers: { 200: pageOf(secretSchema) },
      async handle({ request, query, data, principal, owner }) {
        const filter = { workspaceId: workspaceOf(owner), name: query.name ?? null };
        const { limit = DEFAULT_LIMIT } = query;
        const cursor = readCursor(query.cursor, filter);
        const rows = await data((scoped) => listSecrets(scoped, filter, cursor, limit));
        return request.json(toPage(rows, limit, cursor, filter, (row) => toSecretObject(row, principal)));
      },
    }),
    route({
      ...{ method: 'post', path: '/secrets', name: 'createSecret', tag },
      summary: 'Keeps a new secret for a workspace, one of its environments or pipelines, or the whole organization.',
      access: { kind: 'workspace', action: 'secret:write' },
      body: createSecretSchema,
      answers: { 201: secretSchema },
      async handle(call) {
        const { body, principal, owner } = call;
        requireFresh(principal);
        const place = await findPlace(call, body.scope ?? { kind: 'workspace' }, workspaceOf(owner));
        requireAction(principal, 'secret:write', place);
        return onceFor(context, call, body.value, (keep) =>
          write(call, 'secret.create', keep, { status: 201, notices: listNotices(body.value) }, (commit) =>
            context.secretStore.create({ place, name: body.name, value: body.value, by: principal.actor }, commit),
          ),
        );
      },
    }),
    route({
      ...{ method: 'get', path: '/secrets/:secret', name: 'getSecret', tag },
      summary: 'Answers what is known of a secret, without its value.',
      access: { ...one, action: 'secret:list' },
      answers: { 200: secretSchema },
      async handle({ request, params, data, principal }) {
        const object = toSecretObject(await data((scoped) => requireSecret(scoped, params.secret)), principal);
        return request.json(object, 200, { ETag: etagOf(object.seq) });
      },
    }),
    route({
      ...{ method: 'put', path: '/secrets/:secret', name: 'replaceSecret', tag },
      summary: 'Gives a secret another value, as its next version.',
      access: { ...one, action: 'secret:write' },
      body: z.strictObject({ value: secretValue }),
      answers: { 200: secretSchema },
      async handle(call) {
        const { body, principal } = call;
        requireFresh(principal);
        return onceFor(context, call, body.value, async (keep) => {
          const { change } = await takeForChange(call);
          return write(call, 'secret.replace', keep, { status: 200, notices: listNotices(body.value) }, (commit) =>
            context.secretStore.replace({ ...change, value: body.value }, commit),
          );
        });
      },
    }),
    route({
      ...{ method: 'patch', path: '/secrets/:secret', name: 'changeSecret', tag },
      summary: 'Disables a secret, so that no stage gets it, or enables it again.',
      access: { ...one, action: 'secret:write' },
      body: z.strictObject({ enabled: z.boolean() }),
      answers: { 200: secretSchema },
      async handle(call) {
        const { body, principal } = call;
        requireFresh(principal);
        return onceFor(context, call, null, async (keep) => {
          const { change } = await takeForChange(call);
          return write(call, body.enabled ? 'secret.enable' : 'secret.disable', keep, { status: 200 }, (commit) =>
            context.secretStore.setDisabled({ ...change, isDisabled: !body.enabled }, commit),
          );
        });
      },
    }),
    route({
      ...{ method: 'put', path: '/secrets/:secret/rotation', name: 'setSecretRotation', tag },
      summary: 'Says after how many days a secret wants another value; null ends the rule.',
      access: { ...one, action: 'secret:write' },
      body: z.strictObject({ days: z.nullable(z.int().check(z.gte(1), z.lte(MAX_ROTATE_DAYS))) }),
      answers: { 200: secretSchema },
      async handle(call) {
        const { body, principal } = call;
        requireFresh(principal);
        return onceFor(context, call, null, async (keep) => {
          const { row, change } = await takeForChange(call);
          const detail = { before: { rotateDays: row.rotateDays }, after: { rotateDays: body.days } };
          return write(call, 'secret.rotation', keep, { status: 200, detail }, (commit) =>
            // Nothing of the value is touched: the store has no part in it.
            commit(async (transaction) => {
              const changed = await setSecretRotation(transaction, change, body.days, change.by);
              if (changed) return changed;
              throw new ProblemError(412, 'changed-meanwhile', `${row.name} was changed meanwhile`, {
                hint: 'look at it again',
              });
            }),
          );
        });
      },
    }),
    route({
      ...{ method: 'post', path: '/secrets/:secret/restore', name: 'restoreSecret', tag },
      summary: 'Makes the value of an earlier version the newest one again.',
      access: { ...one, action: 'secret:write' },
      body: z.strictObject({ version: z.int().check(z.gte(1)) }),
      answers: { 200: secretSchema },
      async handle(call) {
        const { body, principal } = call;
        requireFresh(principal);
        return onceFor(context, call, null, async (keep) => {
          const { change } = await takeForChange(call);
          return write(call, 'secret.restore', keep, { status: 200, detail: { restored: body.version } }, (commit) =>
            context.secretStore.replace({ ...change, restoredVersion: body.version }, commit),
          );
        });
      },
    }),
    route({
      ...{ method: 'delete', path: '/secrets/:secret', name: 'deleteSecret', tag },
      summary: 'Forgets a secret with all its versions; one that stages got lately only with its name in the body.',
      access: { ...one, action: 'secret:write' },
      body: z.strictObject({ name: z.exactOptional(z.string()) }),
      answers: { 204: 'none' },
      async handle(call) {
        const { body, principal } = call;
        requireFresh(principal);
        const { row, change } = await takeForChange(call);
        requireName(row, body.name);
        await context.secretStore.remove(change, (write) =>
          call.data(async (scoped) => {
            const record = await write(scoped);
            await recordAudit(scoped, call, describe(record, 'secret.delete', { version: record.version }));
            return record;
          }),
        );
        return new Response(null, { status: 204 });
      },
    }),
  ];
}

type AnyCall = Pick<Call<string>, 'request' | 'data' | 'principal'>;

function workspaceOf(owner: Owner | null): string {
  if (owner?.workspaceId) return owner.workspaceId;
  throw new Error('a route over a workspace has its owner');
}

async function requireSecret(scoped: Scoped, id: string): Promise<SecretWithNames> {
  const row = await findNamedSecret(scoped, id);
  if (row) return row;
  throw notFound(`secret ${id}`);
}

/** The secret as it stands, which the request must have seen (`If-Match`). */
async function takeForChange(
  call: AnyCall & { params: { secret: string } },
): Promise<{ row: SecretWithNames; change: SecretChange }> {
  const row = await call.data((scoped) => requireSecret(scoped, call.params.secret));
  requireMatch(call.request, row.revision, toSecretObject(row, call.principal));
  return { row, change: { id: row.id, revision: row.revision, by: call.principal.actor } };
}

/**
 * Does a write once for its `Idempotency-Key`. Of the value a keyed fingerprint stands in the kept digest: that of a
 * short value could be guessed.
 */
async function onceFor(
  context: ApiContext,
  { request, body, owner }: Pick<Call, 'request' | 'owner'> & { body: object },
  value: string | null,
  act: (keep: Keep) => Promise<Answer>,
): Promise<Response> {
  const hasKey = request.req.header('idempotency-key') !== undefined;
  const isMarked = hasKey && value !== null && owner !== null;
  const fingerprint = isMarked ? await context.sealer.fingerprint(owner.organizationId, value) : null;
  return once(context, request, { ...body, value: fingerprint }, act);
}

type Keep = Parameters<Parameters<typeof once>[3]>[0];

/** Runs a change of the store with its audit and its kept answer in one transaction, and answers the secret. */
async function write(
  call: AnyCall,
  action: string,
  keep: Keep,
  says: { status: 200 | 201; notices?: string[]; detail?: Record<string, unknown> },
  change: (commit: Commit) => Promise<unknown>,
): Promise<Answer> {
  let answer: Answer | null = null;
  await change((store) =>
    call.data(async (scoped) => {
      const record = await store(scoped);
      await recordAudit(scoped, call, describe(record, action, { version: record.version, ...says.detail }));
      const object = toSecretObject(await requireSecret(scoped, record.id), call.principal);
      const shown = says.notices === undefined ? object : { ...object, notices: says.notices };
      const location: Record<string, string> = says.status === 201 ? { Location: `/api/v1/secrets/${record.id}` } : {};
      answer = answerJson(says.status, shown, { ETag: etagOf(object.seq), ...location });
      await keep(scoped, answer);
      return record;
    }),
  );
  if (answer === null) throw new Error('a change that is made has been committed');
  return answer;
}

function describe(record: SecretRecord, action: string, detail: Record<string, unknown>) {
  return { action, owner: record, object: { kind: 'secret', id: record.id, name: record.name }, detail };
}

/** Where a new secret is to hold. Throws 422 `values-invalid` for an environment or a pipeline that is not there. */
async function findPlace(
  call: AnyCall & { owner: Owner | null },
  scope: NonNullable<CreateSecretRequest['scope']>,
  workspaceId: string,
): Promise<SecretPlace> {
  const organizationId = call.owner?.organizationId ?? '';
  const place = { organizationId, workspaceId, environmentId: null, pipelineId: null };
  switch (scope.kind) {
    case 'organization':
      return { ...place, workspaceId: null };
    case 'workspace':
      return place;
    case 'environment': {
      const id = await call.data((scoped) => findEnvironmentId(scoped, workspaceId, scope.environment));
      return { ...place, environmentId: id ?? refusePlace('environment', scope.environment) };
    }
    case 'pipeline': {
      const rows = await call.data((scoped) => listReferred(scoped, scope.pipeline));
      const row = rows.find((candidate) => candidate.workspaceId === workspaceId);
      return { ...place, pipelineId: row?.id ?? refusePlace('pipeline', scope.pipeline) };
    }
    default:
      return scope satisfies never;
  }
}

function refusePlace(kind: 'environment' | 'pipeline', name: string): never {
  const message = `the workspace has no ${kind} ${name}`;
  throw new ProblemError(422, 'values-invalid', message, {
    errors: [{ pointer: `/scope/${kind}`, code: 'not-found', message }],
  });
}

function listNotices(value: string): string[] {
  if (Buffer.byteLength(value) >= MASKABLE_BYTES) return [];
  return [`the value has fewer than ${MASKABLE_BYTES} bytes: it cannot be masked in logs without hiding much else`];
}

function requireName(row: SecretWithNames, name: string | undefined): void {
  const isUsed = row.lastAt !== null && Date.parse(row.lastAt) > Date.now() - LATELY_MS;
  if (name === row.name || (name === undefined && !isUsed)) return;
  throw new ProblemError(422, 'secret-name-mismatch', `to delete a secret that stages got lately say its name`, {
    hint: `send {"name": "${row.name}"}`,
    errors: [{ pointer: '/name', code: 'secret-name-mismatch', message: `is not ${row.name}` }],
  });
}
