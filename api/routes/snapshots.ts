import * as z from 'zod/mini';
import type { RemoteRunRequest, SnapshotObject } from '#core/rest-snapshots.ts';
import { insertContents, insertSnapshot, listSentContents } from '#db/queries/snapshots.ts';
import { checkManifest } from '#store/snapshot/check-manifest.ts';
import { startRemoteRun, type RunPlace } from '../accept/start-remote-run.ts';
import type { Owner, Principal } from '../access/principal.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { answerJson, once } from '../idempotency.ts';
import { ProblemError } from '../problem.ts';
import { readBytes } from '../request-body.ts';
import { route, type Route } from '../route.ts';
import { runSchema } from '../schemas/run.ts';
import { readFrames } from '../snapshots/read-frames.ts';

const tag = 'runs';
const access = { kind: 'workspace', action: 'run:trigger' } as const;
const bytes = 'application/octet-stream';

/** 500,000 files take about this much. */
const MANIFEST_MAX_BYTES = 64 * 1024 * 1024;
/** A larger file has no place in a source tree. */
const CONTENT_MAX_BYTES = 2 * 1024 * 1024 * 1024;
/** Contents that are written down at once. */
const BATCH = 500;

const snapshotSchema = z.strictObject({
  digest: z.string(),
  files: z.int(),
  bytes: z.int(),
  missing: z.array(z.string()),
}) satisfies z.ZodMiniType<SnapshotObject>;

const words = z.record(z.string(), z.string());
const gitSchema = z.strictObject({
  sha: z.string(),
  shortSha: z.string(),
  branch: z.nullable(z.string()),
  tag: z.nullable(z.string()),
  ref: z.nullable(z.string()),
  message: z.string(),
  author: z.string(),
  base: z.nullable(z.string()),
  dirty: z.boolean(),
});

const remoteRunSchema = z.strictObject({
  file: z.string().check(
    z.maxLength(1_000),
    z.refine(
      (path) => path !== '' && !path.startsWith('/') && !path.split('/').includes('..'),
      'is no path below the source',
    ),
  ),
  text: z.string(),
  snapshot: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'is no SHA-256')),
  params: words,
  envFile: words,
  executor: z.nullable(z.enum(['docker', 'process'])),
  stages: z.array(z.string()).check(z.maxLength(500)),
  maxParallel: z.nullable(z.int().check(z.gte(1), z.lte(1_000))),
  git: z.nullable(gitSchema),
  priority: z.exactOptional(z.int().check(z.gte(1), z.lte(5))),
}) satisfies z.ZodMiniType<RemoteRunRequest>;

/** Runs of a file that is on the caller's machine: its tree is sent first, content by content, each once. */
export function snapshotRoutes(context: ApiContext): Route[] {
  const { transfers } = context.stores;
  return [
    route({
      ...{ method: 'post', path: '/snapshots', name: 'announceSnapshot', tag, access, bytes },
      summary: 'Takes the manifest of a tree and answers which contents are still missing.',
      answers: { 200: snapshotSchema },
      async handle({ request, data, principal, owner }) {
        const workspaceId = workspaceOf(owner);
        const manifest = await readBytes(request, MANIFEST_MAX_BYTES);
        const checked = checkManifest(manifest);
        if (checked.kind === 'unsound') {
          throw new ProblemError(422, 'manifest-invalid', `the manifest is refused: ${checked.reason}`);
        }
        const digests = [...transfers.listContents(manifest).keys()];
        const sent = await data((scoped) => listSentContents(scoped, workspaceId, digests));
        const missing: string[] = [];
        for (const digest of digests) {
          if (!sent.has(digest) || !(await transfers.hasContent(digest))) missing.push(digest);
        }
        if (missing.length === 0) {
          await transfers.keepManifest(manifest);
          await data((scoped) =>
            insertSnapshot(scoped, { ...checked.reference, workspaceId, createdBy: principal.actor }),
          );
        }
        return request.json({ ...checked.reference, missing });
      },
    }),
    route({
      ...{ method: 'put', path: '/snapshots/contents', name: 'sendContents', tag, access, bytes },
      summary: 'Takes contents of files, each behind its SHA-256 (32 bytes) and its length (8 bytes).',
      answers: { 200: z.strictObject({ kept: z.int() }) },
      async handle({ request, data, owner }) {
        const workspaceId = workspaceOf(owner);
        let batch: { digest: string; bytes: number }[] = [];
        let kept = 0;
        const note = async () => {
          const contents = batch;
          batch = [];
          kept += contents.length;
          await data((scoped) => insertContents(scoped, workspaceId, contents));
        };
        for await (const frame of readFrames(request.req.raw.body ?? emptyBody())) {
          if (frame.bytes > CONTENT_MAX_BYTES) throw refuseLarge(frame.digest);
          await transfers.keepContent(frame.digest, frame.content);
          batch.push({ digest: frame.digest, bytes: frame.bytes });
          if (batch.length >= BATCH) await note();
        }
        if (batch.length > 0) await note();
        return request.json({ kept });
      },
    }),
    route({
      ...{ method: 'post', path: '/runs/remote', name: 'startRemoteRun', tag, access },
      summary: 'Starts a run of a file and a tree that were sent.',
      body: remoteRunSchema,
      answers: { 201: runSchema },
      async handle(call) {
        const { request, body, data, principal, owner } = call;
        return once(context, request, body, async (keep) => {
          const object = await startRemoteRun(
            context,
            placeOf(principal, owner),
            body,
            { data, principal },
            async (scoped, run) => {
              await keep(scoped, answerJson(201, run, { Location: `/api/v1/runs/${run.id}` }));
              if (!owner) return;
              const about = { kind: 'run', id: run.id, name: run.label };
              const detail = { file: body.file, snapshot: body.snapshot };
              await recordAudit(scoped, call, { action: 'run.start', owner, object: about, detail });
            },
          );
          return answerJson(201, object, { Location: `/api/v1/runs/${object.id}` });
        });
      },
    }),
  ];
}

function workspaceOf(owner: Owner | null): string {
  if (!owner?.workspaceId) throw new Error('a route over a workspace has its owner');
  return owner.workspaceId;
}

function placeOf(principal: Principal, owner: Owner | null): RunPlace {
  const workspaceId = workspaceOf(owner);
  const organization = principal.organizations.find(({ id }) => id === owner?.organizationId);
  const workspace = organization?.workspaces.find(({ id }) => id === workspaceId);
  if (!organization || !workspace) throw new Error('the workspace of a route is one of the caller');
  return { organizationId: organization.id, workspaceId, workspace: `${organization.name}/${workspace.name}` };
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

function refuseLarge(digest: string): ProblemError {
  const detail = `the content ${digest.slice(0, 12)} has more than ${CONTENT_MAX_BYTES} bytes`;
  return new ProblemError(413, 'content-too-large', detail, { hint: 'leave the file out: .builditignore' });
}
