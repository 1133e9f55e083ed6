import { Readable } from 'node:stream';
import { findArtifact } from '#db/queries/read-run.ts';
import type { ApiContext } from '../context.ts';
import { toArtifactObject } from '../objects/artifact-object.ts';
import { notFound, ProblemError } from '../problem.ts';
import { route, type Call, type Route } from '../route.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { artifactFileSchema, artifactSchema } from '../schemas/run-parts.ts';
import { parseRange } from './byte-range.ts';

const access = { kind: 'object', object: 'artifact', param: 'artifact', action: 'run:read' } as const;
const tag = 'artifacts';

/** An artifact and its bytes. */
export function artifactRoutes(context: ApiContext): Route[] {
  const find = async (call: Pick<Call, 'data'>, id: string) => {
    const row = await call.data((scoped) => findArtifact(scoped, id));
    if (!row) throw notFound(`artifact ${id}`);
    return row;
  };
  const findKept = async (call: Pick<Call, 'data'>, id: string) => {
    const row = await find(call, id);
    if (row.removedAt === null) return row;
    const detail = `the artifact ${row.name} of ${row.stage} expired on ${row.removedAt.slice(0, 10)}`;
    throw new ProblemError(404, 'artifact-expired', detail, {
      hint: `run again what makes it: buildit retry RUN --from ${row.stage}`,
    });
  };
  return [
    route({
      ...{ method: 'get', path: '/artifacts/:artifact', name: 'getArtifact', tag, access },
      summary: 'Answers what is known of an artifact.',
      answers: { 200: artifactSchema },
      async handle(call) {
        return call.request.json(toArtifactObject(await find(call, call.params.artifact)));
      },
    }),
    route({
      ...{ method: 'get', path: '/artifacts/:artifact/files', name: 'listArtifactFiles', tag, access },
      summary: 'Lists the files in an artifact.',
      answers: { 200: pageOf(artifactFileSchema) },
      async handle(call) {
        const row = await findKept(call, call.params.artifact);
        return call.request.json(wholePage(await context.stores.artifacts.list(row.reference)));
      },
    }),
    route({
      ...{ method: 'get', path: '/artifacts/:artifact/content', name: 'getArtifactContent', tag, access },
      summary: 'Streams the tree of an artifact as a tar, whole or from a byte on.',
      answers: { 200: 'application/x-tar', 206: 'application/x-tar' },
      /** Every chunk is verified on its way, so a stream that ends is whole; one that was cut off goes on where it was. */
      async handle(call) {
        const row = await findKept(call, call.params.artifact);
        const { artifacts } = context.stores;
        const size = await artifacts.measure(row.reference);
        const etag = `"${row.reference.manifest.digest}"`;
        const header = (name: string) => call.request.req.header(name) ?? null;
        const isSame = (header('if-range') ?? etag) === etag;
        const part = isSame ? parseRange(header('range'), size) : null;
        const headers = {
          'Accept-Ranges': 'bytes',
          ETag: etag,
          'Cache-Control': 'private, max-age=31536000, immutable',
        };
        if (part === 'unsatisfiable') {
          return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${size}` } });
        }
        // Who goes on wants all the rest; for a piece out of the middle the whole is an answer too.
        const from = part?.to === size ? part.from : 0;
        return new Response(Readable.toWeb(artifacts.load(row.reference, from)) as ReadableStream, {
          status: from > 0 ? 206 : 200,
          headers: {
            ...headers,
            'Content-Type': 'application/x-tar',
            'Content-Length': String(size - from),
            'Content-Disposition': `attachment; filename="${encodeURIComponent(row.name)}.tar"`,
            ...(from > 0 ? { 'Content-Range': `bytes ${from}-${size - 1}/${size}` } : {}),
          },
        });
      },
    }),
  ];
}
