import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { planSchema } from './plan-schema.ts';

const TESTDATA = new URL('../testdata/', import.meta.url);
const PAGE = new URL('../../docs/plan.schema.json', import.meta.url);
const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;

const schema = { title: 'Plan of a BuildIt pipeline', ...z.toJSONSchema(planSchema) };

it('the schema in the documentation is made from the one the types are held against', () => {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (UPDATE) writeFileSync(PAGE, text);
  expect(readFileSync(PAGE, 'utf8')).toBe(text);
});

describe('the schema', () => {
  const isPlan = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const goldens = readdirSync(TESTDATA).filter((name) => name.endsWith('.plan.json'));
  const read = (name: string) => JSON.parse(readFileSync(new URL(name, TESTDATA), 'utf8'));

  it.each(goldens)('takes %s', (name) => {
    expect(isPlan(read(name)), JSON.stringify(isPlan.errors)).toBe(true);
  });

  it('refuses what is no plan', () => {
    const plan = read('10-every-word.plan.json');
    expect(isPlan({ ...plan, extra: 1 })).toBe(false);
    expect(isPlan({ ...plan, version: 2 })).toBe(false);
    expect(isPlan({ ...plan, digest: 'x' })).toBe(false);
    expect(isPlan({ ...plan, nodes: [{ ...plan.nodes[0], kind: 'deploy' }] })).toBe(false);
    expect(isPlan({ ...plan, nodes: [{ ...plan.nodes[0], timeoutMs: '5m' }] })).toBe(false);
  });
});
