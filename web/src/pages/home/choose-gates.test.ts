import { expect, test } from 'vitest';
import type { InboxGate } from '#core/rest-inbox.ts';
import { explainApart } from './choose-gates.ts';

function createItem(environment: string | null, workspace = 'acme/shop', fields: object[] = []): InboxGate {
  return { environment, gate: { fields }, run: { workspace } } as unknown as InboxGate;
}

test('what leads to one environment of one workspace is approved together', () => {
  const chosen = [createItem('production')];
  expect(explainApart(createItem('production'), chosen)).toBeNull();
  expect(explainApart(createItem('staging'), chosen)).toContain('staging of acme/shop');
  expect(explainApart(createItem('production', 'acme/bank'), chosen)).toContain('production of acme/bank');
  expect(explainApart(createItem(null), chosen)).not.toBeNull();
  expect(explainApart(createItem(null), [createItem(null)])).toBeNull();
});

test('a gate that asks for a value is decided by itself, one whose value is known is not', () => {
  const version = { name: 'version', required: true, default: null };
  expect(explainApart(createItem(null, 'acme/shop', [version]), [])).toContain('version');
  expect(explainApart(createItem(null, 'acme/shop', [{ ...version, default: '1' }]), [])).toBeNull();
});
