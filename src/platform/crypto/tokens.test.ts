import { expect, it } from 'vitest';
import { hashToken, isSameSecret, newToken } from './tokens.ts';

it('makes tokens of 256 bits that no two calls share', () => {
  const tokens = Array.from({ length: 200 }, newToken);
  expect(new Set(tokens).size).toBe(200);
  expect(tokens.every((token) => /^[\w-]{43}$/.test(token))).toBe(true);
});

it('hashes by SHA-256', () => {
  expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('compares secrets of any length', () => {
  expect(isSameSecret('a', 'a')).toBe(true);
  expect(isSameSecret('a', 'ab')).toBe(false);
  expect(isSameSecret('', 'b')).toBe(false);
});
