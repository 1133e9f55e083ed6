import type { Hono } from 'hono';
import type { ApiContext, ApiEnvironment } from '#api/context.ts';
import { listRoutes } from '#api/routes.ts';
import { problemSchema } from '#api/schemas/problem.ts';
import { findUnaudited } from './audit-check.ts';

/**
 * The app, but an answer that differs from what its route says (the status, the media type, the schema) is a 500 that
 * tells the difference: so every test of the API checks the document too. The same for a write that is not audited.
 */
export function checkAnswers(app: Hono<ApiEnvironment>, context: ApiContext): Pick<Hono<ApiEnvironment>, 'fetch'> {
  const routes = listRoutes(context).map((route) => ({
    route,
    pattern: new RegExp(`^/api/v1${route.path.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}$`),
  }));
  return {
    async fetch(request, environment, execution) {
      const response = await app.fetch(request, environment, execution);
      const { pathname } = new URL(request.url);
      const candidates = routes.filter(
        ({ route, pattern }) => pattern.test(pathname) && route.method === request.method.toLowerCase(),
      );
      // Of two that match, the one without a parameter in that place answers.
      const [first] = candidates.toSorted((a, b) => countParameters(a.route.path) - countParameters(b.route.path));
      const wrong = first
        ? ((await findDifference(first.route, response)) ??
          (await findUnaudited(context.database, first.route, request, response)))
        : null;
      if (wrong === null) return response;
      const said = `${request.method} ${pathname} differs from its description: ${wrong}`;
      process.stderr.write(`${said}\n`);
      return new Response(said, { status: 500 });
    },
  };
}

function countParameters(path: string): number {
  return path.split(':').length;
}

async function findDifference(
  route: ReturnType<typeof listRoutes>[number],
  response: Response,
): Promise<string | null> {
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  if (response.status >= 400) {
    if (response.status === 416) return null;
    if (type !== 'application/problem+json') return `${response.status} is ${type}`;
    const parsed = problemSchema.safeParse(await response.clone().json());
    return parsed.success ? null : JSON.stringify(parsed.error.issues);
  }
  const answers: Record<number, unknown> = route.answers;
  const answer = route.answers[response.status as keyof typeof route.answers];
  if (answer === undefined) return `${response.status} is none of ${Object.keys(answers).join(', ')}`;
  if (response.status === 204) return null;
  if (typeof answer === 'string') return answer.split(', ').includes(type) ? null : `${response.status} is ${type}`;
  if (type !== 'application/json') return `${response.status} is ${type}`;
  const parsed = answer.safeParse(await response.clone().json());
  return parsed.success ? null : JSON.stringify(parsed.error.issues);
}
