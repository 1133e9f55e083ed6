import { expect, test } from 'vitest';
import { findDigest } from './image.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => `sha256:${digit.repeat(64)}`);

test('an image has the digest of the repository that it was asked for', () => {
  const digests = [`registry.example:5000/shop/api@${C}`, `busybox@${B}`, `busybox@${A}`, `acme/tool@${C}`];
  expect(findDigest('registry.example:5000/shop/api:1.2', digests)).toBe(C);
  expect(findDigest('registry.example:5000/shop/api', digests)).toBe(C);
  expect(findDigest('acme/tool:latest', digests)).toBe(C);
  expect(findDigest(`busybox:1.37@${B}`, digests)).toBe(B);
  for (const ref of ['busybox', 'busybox:1.37', 'docker.io/library/busybox:1.37', 'index.docker.io/library/busybox']) {
    expect(findDigest(ref, digests)).toBe(A);
  }
});

test('one that was made here, or came from elsewhere, has none', () => {
  expect(findDigest('busybox', [])).toBeNull();
  expect(findDigest('mine/busybox', [`busybox@${A}`])).toBeNull();
  expect(findDigest('registry.example:5000/busybox', [`busybox@${A}`])).toBeNull();
});
