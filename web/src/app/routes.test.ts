import { expect, test } from 'vitest';
import { findParent, soughtIn } from './parent.ts';
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

test('what is above an address is the nearest page', () => {
  expect(findParent('/acme/shop/pipelines/gone')).toBe('/acme/shop/pipelines');
  expect(findParent('/acme/shop/pipelines/api/runs/9/stages/x')).toBe('/acme/shop/pipelines/api');
  expect(findParent('/acme/shop/nowhere/at/all')).toBe('/acme/shop');
  expect(findParent('/acme')).toBe('/');
});

test('what was sought is the last name, of a run its number', () => {
  expect(soughtIn('/acme/shop/pipelines/shop%20api')).toBe('shop api');
  expect(soughtIn('/acme/shop/pipelines/api/runs/142.2/stages/x')).toBe('#142');
  expect(soughtIn('/acme/shop/%E0%A4%A')).toBe('%E0%A4%A');
  expect(soughtIn('/')).toBe('');
});
