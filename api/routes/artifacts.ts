import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { findArtifact } from '#db/queries/read-run.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { notFound } from '../problem.ts';
import { toArtifactObject } from './run-parts.ts';

/** An artifact and its bytes. */
export function artifactRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  const require = async (id: string) => {
    const row = await findArtifact(context.database, id);
    if (!row) throw notFound(`artifact ${id}`);
    return row;
  };

  app.get('/artifacts/:artifact', async (request) =>
    request.json(toArtifactObject(await require(request.req.param('artifact')))),
  );

  app.get('/artifacts/:artifact/files', async (request) => {
    const row = await require(request.req.param('artifact'));
    const items = await context.stores.artifacts.list(row.reference);
    return request.json({ items, next: null, prev: null, total: items.length });
  });

  /** A tar stream; every chunk is verified on its way, so a stream that ends is whole. */
  app.get('/artifacts/:artifact/content', async (request) => {
    const row = await require(request.req.param('artifact'));
    const tar = context.stores.artifacts.load(row.reference);
    return new Response(Readable.toWeb(tar) as ReadableStream, {
      headers: {
        'Content-Type': 'application/x-tar',
        'Content-Disposition': `attachment; filename="${encodeURIComponent(row.name)}.tar"`,
        'Cache-Control': 'private, max-age=31536000, immutable',
        ETag: `"${row.reference.manifest.digest}"`,
      },
    });
  });

  return app;
}
