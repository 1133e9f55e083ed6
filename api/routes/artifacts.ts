import { Readable } from 'node:stream';
import { findArtifact } from '#db/queries/read-run.ts';
import type { ApiContext } from '../context.ts';
import { toArtifactObject } from '../objects/artifact-object.ts';
import { notFound } from '../problem.ts';
import { route, type Call, type Route } from '../route.ts';
import { pageOf, wholePage } from '../schemas/page.ts';
import { artifactFileSchema, artifactSchema } from '../schemas/run-parts.ts';

const access = { kind: 'object', object: 'artifact', param: 'artifact', action: 'run:read' } as const;
const tag = 'artifacts';

/** An artifact and its bytes. */
export function artifactRoutes(context: ApiContext): Route[] {
  const find = async (call: Pick<Call, 'data'>, id: string) => {
    const row = await call.data((scoped) => findArtifact(scoped, id));
    if (!row) throw notFound(`artifact ${id}`);
    return row;
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
        const row = await find(call, call.params.artifact);
        return call.request.json(wholePage(await context.stores.artifacts.list(row.reference)));
      },
    }),
    route({
      ...{ method: 'get', path: '/artifacts/:artifact/content', name: 'getArtifactContent', tag, access },
      summary: 'Streams the tree of an artifact as a tar.',
      answers: { 200: 'application/x-tar' },
      /** Every chunk is verified on its way, so a stream that ends is whole. */
      async handle(call) {
        const row = await find(call, call.params.artifact);
        const tar = context.stores.artifacts.load(row.reference);
        return new Response(Readable.toWeb(tar) as ReadableStream, {
          headers: {
            'Content-Type': 'application/x-tar',
            'Content-Disposition': `attachment; filename="${encodeURIComponent(row.name)}.tar"`,
            'Cache-Control': 'private, max-age=31536000, immutable',
            ETag: `"${row.reference.manifest.digest}"`,
          },
        });
      },
    }),
  ];
}
