import { expect, test } from 'vitest';
import { nameRepository } from './repository-name.ts';

test.each([
  ['https://github.com/acme/shop.git', 'github.com/acme/shop'],
  ['https://ann:hunter2@git.example:8443/acme/shop.git/?token=x#y', 'git.example/acme/shop'],
  ['https://x-access-token:ghs_secret@github.com/acme/shop', 'github.com/acme/shop'],
  ['ssh://git@git.example:2222/acme/shop.git', 'git.example/acme/shop'],
  ['git@github.com:acme/shop.git', 'github.com/acme/shop'],
  ['git.example:acme/deep/shop', 'git.example/acme/deep/shop'],
  ['https://git.example/a%20b.git', 'git.example/a b'],
])('%s is called %s, without how one signs in', (address, name) => {
  expect(nameRepository(address)).toBe(name);
});

test.each(['/srv/git/shop.git', '../shop', 'file:///srv/git/shop.git', 'C:\\git\\shop', 'https://git.example/', ''])(
  'a folder of the machine (%s) has no such name',
  (address) => {
    expect(nameRepository(address)).toBeNull();
  },
);
