import { expect, test } from 'vitest';
import { readRunReference } from './run-reference.ts';

test('each way to name a run is told apart', () => {
  expect(readRunReference('@last')).toEqual({ kind: 'last' });
  expect(readRunReference('142')).toEqual({ kind: 'number', number: '142' });
  expect(readRunReference('142.2')).toEqual({ kind: 'number', number: '142.2' });
  expect(readRunReference('local/17.2')).toEqual({ kind: 'local', reference: 'local/17.2' });
  expect(readRunReference('shop-api#142.2')).toEqual({ kind: 'whole', reference: 'shop-api#142.2' });
});

test('a pasted address names the run, and the workspace it is in', () => {
  const address = (pathname: string) => readRunReference(`https://ci.example.com${pathname}`);
  expect(address('/acme/shop/pipelines/shop-api/runs/142.2/stages/test')).toMatchObject({
    ...{ kind: 'address', origin: 'https://ci.example.com', workspace: 'acme/shop', reference: 'shop-api#142.2' },
  });
  expect(address('/ci/acme/shop/pipelines/shop-api/runs/142')).toMatchObject({ workspace: 'acme/shop' });
  expect(address('/api/v1/pipelines/shop%20api/runs/3?x=1')).toMatchObject({
    ...{ workspace: null, reference: 'shop api#3' },
  });
  expect(address('/api/v1/runs/0198c0de-0000-7000-8000-000000000000/stages')).toMatchObject({
    reference: '0198c0de-0000-7000-8000-000000000000',
  });
  expect(() => address('/acme/shop/pipelines')).toThrow('names no run');
});
