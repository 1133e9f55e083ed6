import assert from 'node:assert/strict';
import { test } from 'node:test';
import { priceOf } from './shop.js';

test('a customer pays the sum and the tax', () => assert.equal(priceOf([{ cents: 1000, count: 2 }]), 2380));
