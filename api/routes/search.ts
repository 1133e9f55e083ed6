import * as z from 'zod/mini';
import type { SearchHit } from '#core/rest-inbox.ts';
import { listEnvironments } from '#db/queries/environments.ts';
import { searchPeople, searchPipelines, searchRuns, type FoundPrincipal } from '#db/queries/search.ts';
import type { Principal } from '../access/principal.ts';
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
export function searchRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'get', path: '/search', name: 'search', tag: 'system' },
      access: { kind: 'signed-in', action: 'run:read' },
      summary:
        'Finds pipelines and environments by a part of their name, runs by their number; `@name`: people and teams.',
      query: z.strictObject({ q: z.string().check(z.minLength(1), z.maxLength(200)) }),
      answers: { 200: pageOf(searchHitSchema) },
      async handle({ request, query, data, principal }) {
        const text = query.q.trim();
        if (text.startsWith('@')) {
          const found = await searchPeople(context.database, listKnown(principal), text.slice(1).trim(), MOST);
          return request.json({ items: found.map(toPrincipalHit), next: null, prev: null });
        }
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

/** Organizations whose people one may see. */
function listKnown(principal: Principal): string[] {
  return principal.organizations.flatMap(({ id, actions }) => (actions.has('organization:read') ? [id] : []));
}

function toPrincipalHit({ kind, id, name, organization }: FoundPrincipal): SearchHit {
  const page = kind === 'team' ? 'teams' : 'members';
  const url = `/${organization}/settings/${page}?name=${encodeURIComponent(name)}`;
  return { kind, id, name, workspace: organization, url, status: null };
}
