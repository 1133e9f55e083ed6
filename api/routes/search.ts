import * as z from 'zod/mini';
import type { SearchHit } from '#core/rest-inbox.ts';
import { listEnvironments } from '#db/queries/environments.ts';
import { searchPipelines, searchRuns } from '#db/queries/search.ts';
import type { ApiContext } from '../context.ts';
import { urlOfRun } from '../objects/run-url.ts';
import { route, type Route } from '../route.ts';
import { searchHitSchema } from '../schemas/inbox.ts';
import { pageOf } from '../schemas/page.ts';

/** Hits of one kind. */
const MOST = 20;
/** `142`, `#142`, `shop#142`, `shop-api#142.2`, `local/17` */
const RUN = /^(?:(?<pipeline>[^#]*)#|local\/)?(?<number>\d{1,15})(?:\.\d+)?$/;

/** What the caller looks for by name or number. */
export function searchRoutes(_context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/search', name: 'search', tag: 'system' },
      access: { kind: 'signed-in', action: 'run:read' },
      summary: 'Finds pipelines and environments by a part of their name and runs by their number.',
      query: z.strictObject({ q: z.string().check(z.minLength(1), z.maxLength(200)) }),
      answers: { 200: pageOf(searchHitSchema) },
      async handle({ request, query, data }) {
        const text = query.q.trim();
        const run = RUN.exec(text)?.groups;
        const items = await data(async (scoped): Promise<SearchHit[]> => {
          const [runs, pipelines, environments] = await Promise.all([
            run?.['number'] ? searchRuns(scoped, Number(run['number']), run['pipeline'] || null, MOST) : [],
            searchPipelines(scoped, text, MOST),
            listEnvironments(scoped, { workspace: null, name: text }, MOST),
          ]);
          return [
            ...runs.map((row): SearchHit => {
              const { id, label: name, workspace, status } = row;
              return { kind: 'run', id, name, workspace, url: urlOfRun(row), status };
            }),
            ...pipelines.map(({ id, name, workspace, version }): SearchHit => {
              const page = encodeURIComponent(version === 0 ? id : name);
              return { kind: 'pipeline', id, name, workspace, url: `/${workspace}/pipelines/${page}`, status: null };
            }),
            ...environments.map(({ id, name, workspace }): SearchHit => {
              const url = `/${workspace}/environments/${encodeURIComponent(name)}`;
              return { kind: 'environment', id, name, workspace, url, status: null };
            }),
          ];
        });
        return request.json({ items, next: null, prev: null });
      },
    }),
  ];
}
