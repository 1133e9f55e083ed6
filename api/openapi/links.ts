import type { ObjectKind, Route } from '../route.ts';

/** The route that answers an object of each kind by its path parameter: `GET /runs/:run`. */
export function findGetters(routes: readonly Route[]): Map<ObjectKind, Route> {
  const getters = routes.flatMap((route): [ObjectKind, Route][] => {
    const { access, answers, method, path } = route;
    const isGetter =
      method === 'get' &&
      access.kind === 'object' &&
      path.endsWith(`/:${access.param}`) &&
      typeof answers[200] === 'object';
    return isGetter ? [[access.object, route]] : [];
  });
  return new Map(getters);
}

/**
 * Links of an answer (OpenAPI §4.8.20) to every route about the object in it: a client, or a tester, that has just made
 * one knows where to go on. An answer holds an object of a kind when its schema is the one that the kind's getter has.
 */
export function linksOf(answer: unknown, routes: readonly Route[]): Record<string, object> | undefined {
  for (const [kind, getter] of findGetters(routes)) {
    if (getter.answers[200] !== answer) continue;
    const about = routes.filter(({ access }) => access.kind === 'object' && access.object === kind);
    const links = about.flatMap(({ name, access, path }) => {
      // Another parameter in the path is not known from here.
      if (access.kind !== 'object' || path.split(':').length > 2) return [];
      return [[name, { operationId: name, parameters: { [access.param]: '$response.body#/id' } }] as const];
    });
    return links.length > 0 ? Object.fromEntries(links) : undefined;
  }
  return undefined;
}
