import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taxOf } from './tax.js';

test('tax is rounded to whole cents', () => assert.equal(taxOf(999, 19), 190));
