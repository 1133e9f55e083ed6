import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sumOf } from './cart.js';

test('an empty cart costs nothing', () => assert.equal(sumOf([]), 0));
test('counts are taken into account', () => assert.equal(sumOf([{ cents: 250, count: 3 }]), 750));
