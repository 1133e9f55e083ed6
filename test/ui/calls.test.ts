import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { ApiContext } from '#api/context.ts';
import { methodsOf } from '#api/mount.ts';
import { listRoutes } from '#api/routes.ts';

const SOURCES = resolve(import.meta.dirname, '../../web/src');

/** `get<Page<X>>(\`runs/${id}\``, `write<X>('POST', 'samples/a'`, `read(…`, `post(…`: method and path as they are written. */
const CALL =
  /(?<![.\w])(get|read|readAnswer|addressOf|write|post)(?:<[^(]*>)?\(\s*(?:'(POST|PUT|PATCH|DELETE)',\s*)?(['`])((?:(?!\3).)*)\3/gs;

function listCalls(): { file: string; method: string; path: string }[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !name.includes('.test.'),
  );
  return files.flatMap((file) =>
    [...readFileSync(join(SOURCES, file), 'utf8').matchAll(CALL)].map(([, verb, method, , path = '']) => ({
      ...{ file, path: `/${path.replaceAll(/\$\{[^}]*\}/g, 'x')}` },
      method: method ?? (verb === 'post' ? 'POST' : 'GET'),
    })),
  );
}

test('every address that the interface asks is a route of the API', () => {
  const routes = listRoutes({ stores: {}, settings: {} } as ApiContext);
  // Those whose address is put together elsewhere are seen there.
  const calls = listCalls().filter(({ path }) => !/^\/(x\/|x$|POST$|PUT$|PATCH$|DELETE$)/.test(path));
  expect(calls.length).toBeGreaterThan(10);
  const dead = calls.filter(({ method, path }) => !methodsOf(routes, path).includes(method));
  expect(dead).toEqual([]);
});
