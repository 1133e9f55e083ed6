import { describe, expect, test } from 'vitest';
import { checkPassword, hashPassword, verifyPassword } from './password.ts';

describe('a password', () => {
  test('is kept as a PHC string with a salt of its own and the cost it was made with', async () => {
    const hashes = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    for (const hash of hashes) {
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
      expect(await verifyPassword('correct horse', hash)).toBe(true);
      expect(await verifyPassword('correct horsf', hash)).toBe(false);
    }
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  test('is verified against the hash of another Argon2 and another cost', async () => {
    // A test vector of the reference implementation (phc-winner-argon2, src/test.c).
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', hash)).toBe(true);
    expect(await verifyPassword('passwore', hash)).toBe(false);
  });

  test('is the same however its letters are composed', async () => {
    expect(
      await verifyPassword('Caf\u00e9 Caf\u00e9 Caf\u00e9', await hashPassword('Cafe\u0301 Cafe\u0301 Cafe\u0301')),
    ).toBe(true);
  });

  test('is never right without a hash', async () => {
    expect(await verifyPassword('', null)).toBe(false);
    expect(await verifyPassword('anything', null)).toBe(false);
    await expect(verifyPassword('anything', 'damaged')).rejects.toThrow('damaged');
  });

  test('has 12 to 256 letters, of any script, and no other rules', () => {
    const isTaken = (password: string) => {
      try {
        checkPassword(password, ['ann', 'ann.example@example.com']);
        return true;
      } catch {
        return false;
      }
    };
    expect(['x'.repeat(12), 'пароль пароль', '😀'.repeat(12), 'x'.repeat(256)].filter(isTaken)).toHaveLength(4);
    expect(['x'.repeat(11), '😀'.repeat(11), 'x'.repeat(257), 'Ann.Example@example.com'].filter(isTaken)).toEqual([]);
  });
});
