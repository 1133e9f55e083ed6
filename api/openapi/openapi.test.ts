import { describe, expect, test } from 'vitest';
import { createApp } from '#api/app.ts';
import { listRoutes } from '#api/routes.ts';
import { useApi } from '#test/env/use-api.ts';
import type { OpenApiDocument } from './document.ts';

describe('the description of the API', () => {
  const use = useApi();
  const read = async () => (await (await use().fetch('/api/openapi.json')).json()) as OpenApiDocument;

  test('router and document have the same routes', async () => {
    const document = await read();
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const routed = createApp(use().context)
      .routes.filter(({ path, method }) => path.startsWith('/api/v1/') && method !== 'ALL')
      .map(({ path, method }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual([...new Set(routed)].toSorted());
    expect(described.length).toBe(listRoutes(use().context).length);
  });

  test('every reference in it leads somewhere', async () => {
    const document = await read();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(50);
    const lost = new Set(references).values().filter((path) => {
      const found = path
        .split('/')
        .slice(1)
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      return found === undefined;
    });
    expect([...lost]).toEqual([]);
  });

  test('the page names every route and loads nothing', async () => {
    const document = await read();
    const answer = await use().fetch('/api/docs');
    const html = await answer.text();
    for (const path of Object.keys(document.paths)) expect(html).toContain(path);
    expect(html).not.toMatch(/<script|<link|<img|https?:/);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
  });
});
