import { expect, test } from 'vitest';
import { kindOfPage } from './workspace-switcher.tsx';

test('another workspace opens at the same kind of page, never at an object of the first', () => {
  const kindOf = (path: string) => kindOfPage(path, '/acme/shop');
  expect(kindOf('/acme/shop')).toBe('');
  expect(kindOf('/acme/shop/pipelines/api/runs/9')).toBe('/pipelines');
  expect(kindOf('/acme/shop/settings/tokens')).toBe('/settings/tokens');
  expect(kindOf('/settings')).toBe('');
});
