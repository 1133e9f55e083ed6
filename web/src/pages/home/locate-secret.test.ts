import { expect, test } from 'vitest';
import type { WorkspaceRef } from '../../data/me.ts';
import { locateSecret } from './locate-secret.ts';

const workspaceOf = (path: string, actions: WorkspaceRef['actions'] = ['secret:list']): WorkspaceRef => {
  const [organization = '', name = ''] = path.split('/');
  return { id: path, path, organization, name, actions };
};
const SECRET = { id: 's-1', name: 'NPM_TOKEN', organization: 'acme', workspace: null };
const SHOP = workspaceOf('acme/shop');
const BANK = workspaceOf('acme/bank');
const OTHER = workspaceOf('other/shop');

test('a secret of a workspace is looked at there, by its id', () => {
  expect(locateSecret({ ...SECRET, workspace: 'acme/bank' }, 'acme/shop', [SHOP, BANK])).toBe(
    '/acme/bank/secrets/NPM_TOKEN?id=s-1',
  );
});

test('one of an organization is looked at below a workspace of that, the present one first', () => {
  expect(locateSecret(SECRET, 'acme/bank', [SHOP, BANK])).toBe('/acme/bank/secrets/NPM_TOKEN?id=s-1');
  expect(locateSecret(SECRET, 'other/shop', [OTHER, SHOP, BANK])).toBe('/acme/shop/secrets/NPM_TOKEN?id=s-1');
});

test('where no workspace of it shows secrets there is no link', () => {
  expect(locateSecret(SECRET, 'other/shop', [OTHER])).toBeNull();
  expect(locateSecret(SECRET, 'acme/shop', [workspaceOf('acme/shop', [])])).toBeNull();
});
