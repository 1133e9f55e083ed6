import { expect, test } from 'vitest';
import { rankText, sortByRank } from './match.ts';

test('exact comes before prefix, prefix before word starts, those before letters in order', () => {
  expect(rankText('shop', 'Shop')).toBe(0);
  expect(rankText('shop', 'shop-api')).toBe(1);
  expect(rankText('sa', 'shop-api')).toBe(2);
  expect(rankText('shap', 'shop-api')).toBe(2);
  expect(rankText('hpi', 'shop-api')).toBe(3);
  expect(rankText('pish', 'shop-api')).toBeNull();
});

test('spaces and case do not matter', () => {
  expect(rankText('audit ex', 'Audit: Export')).toBe(2);
  expect(rankText('  SHOP', 'shop')).toBe(0);
});

test('of equal rank what was used last is first, else the order stays', () => {
  const used: Record<string, number> = { 'shop-web': 2, 'shop-api': 1 };
  const all = ['shop-docs', 'shop-api', 'shop-web', 'other'];
  expect(sortByRank('shop', all, String, (name) => used[name] ?? 0)).toEqual(['shop-web', 'shop-api', 'shop-docs']);
});

test('a name of many like words is judged at once', () => {
  expect(rankText('aaaaaaaaaaaaaaaaaaab', 'a-'.repeat(40))).toBeNull();
});
