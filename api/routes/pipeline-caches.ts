import * as z from 'zod/mini';
import type { CacheObject } from '#core/rest-caches.ts';
import { isId } from '#db/id.ts';
import { deleteCaches, listCaches, type ListedCache } from '#db/queries/list-caches.ts';
import { cacheIdOf } from '#store/cache/open-cache-store.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { readPage } from '../page.ts';
import { notFound } from '../problem.ts';
import { route, type Call, type Route } from '../route.ts';
import { cacheSchema, deletedCachesSchema } from '../schemas/cache.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';
import { describe, inWorkspace, takeForChange } from './pipelines.ts';

const tag = 'pipelines';
const mayRead = { kind: 'object', object: 'pipeline', param: 'pipeline', action: 'run:read' } as const;
const mayWrite = { ...mayRead, action: 'pipeline:write' } as const;

/** What stages of a pipeline have kept in caches. */
export function pipelineCacheRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/pipelines/:pipeline/caches', name: 'listCaches', tag, access: mayRead },
      summary: 'Lists the entries of the caches of a pipeline, newest first.',
      query: z.strictObject({ ...pageQuery, ...inWorkspace }),
      answers: { 200: pageOf(cacheSchema) },
      async handle({ request, params, query, data }) {
        const page = await readPage(
          query,
          { pipeline: params.pipeline },
          (from, limit) => data((scoped) => listCaches(scoped, params.pipeline, from, limit)),
          toCacheObject,
        );
        return request.json(page);
      },
    }),
    route({
      ...{ method: 'delete', path: '/pipelines/:pipeline/caches', name: 'deleteCaches', tag, access: mayWrite },
      summary: 'Removes all entries of the caches of a pipeline; the next stages begin without.',
      query: z.strictObject(inWorkspace),
      answers: { 200: deletedCachesSchema },
      handle: async (call) => call.request.json(await remove(context, call, null)),
    }),
    route({
      ...{ method: 'delete', path: '/pipelines/:pipeline/caches/:cache', name: 'deleteCache', tag, access: mayWrite },
      summary: 'Removes an entry; stages that stand on it keep what they have.',
      query: z.strictObject(inWorkspace),
      answers: { 200: deletedCachesSchema },
      async handle(call) {
        if (!isId(call.params.cache)) throw notFound(`cache ${call.params.cache}`);
        const removed = await remove(context, call, call.params.cache);
        if (removed.deleted === 0) throw notFound(`cache ${call.params.cache}`);
        return call.request.json(removed);
      },
    }),
  ];
}

/** The rows first: nobody finds bytes that are on their way out. */
async function remove(
  context: ApiContext,
  {
    request,
    params,
    data,
    principal,
  }: Pick<Call<'/pipelines/:pipeline/caches'>, 'request' | 'params' | 'data' | 'principal'>,
  id: string | null,
): Promise<{ deleted: number; bytes: number }> {
  const rows = await data(async (scoped) => {
    const pipeline = await takeForChange(scoped, params.pipeline);
    const deleted = await deleteCaches(scoped, pipeline.id, id);
    if (id !== null && deleted.length === 0) return deleted;
    const [only] = id === null ? [] : deleted;
    const detail = only ? { key: only.key, scope: only.scope } : { entries: deleted.length };
    await recordAudit(scoped, { request, principal }, describe(pipeline, 'cache.delete', detail));
    return deleted;
  });
  // What cannot be removed now has no row and is swept by a worker.
  await Promise.allSettled(rows.map(({ reference }) => context.stores.caches.remove(cacheIdOf(reference))));
  return { deleted: rows.length, bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function toCacheObject({ daysHits, daysMisses, ...row }: ListedCache): CacheObject {
  return { ...row, uses: { hits: daysHits, misses: daysMisses } };
}
