import { expect, test } from 'vitest';
import { hasPage } from './routes.ts';

const ROUTES = [
  { path: '/:org/:workspace/pipelines/:pipeline/runs/:number/*?' },
  { path: '/:org/:workspace/settings/:section?' },
  { path: '/:org/settings/:section?' },
  { path: '/:org/:workspace' },
];
const has = (path: string) => hasPage(path, ROUTES);

test('a way to a page is there when a route answers its address', () => {
  expect(has('/:org/:workspace')).toBe(true);
  expect(has('/:org/:workspace/settings')).toBe(true);
  expect(has('/:org/:workspace/settings/tokens')).toBe(true);
  expect(has('/:org/settings/members')).toBe(true);
  expect(has('/:org/:workspace/pipelines/:pipeline/runs/:number/stages/:stage')).toBe(true);
});

test('where none answers there is no way', () => {
  expect(has('/:org/:workspace/secrets')).toBe(false);
  expect(has('/:org/:workspace/pipelines')).toBe(false);
  expect(has('/admin')).toBe(false);
  expect(has('/')).toBe(false);
});
