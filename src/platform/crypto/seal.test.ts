import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyRing } from './key-file.ts';
import { keyIdOf, type SealedPlace, seal, Tampered, UnknownKey, unseal } from './seal.ts';

const ring: KeyRing = { current: 'k1', keys: new Map([['k1', randomBytes(32)]]) };
const place: SealedPlace = { table: 'credentials', id: 'row-1', owner: 'user-1' };
const secrets = fc.string({ unit: 'binary', maxLength: 200 });
const places = fc.record({ table: fc.string(), id: fc.string(), owner: fc.string() });

describe('sealing', () => {
  it('opens to what was sealed, in its own place', () => {
    fc.assert(
      fc.property(secrets, places, (secret, at) => {
        expect(unseal(ring, seal(ring, secret, at), at)).toBe(secret);
      }),
    );
  });

  it('opens in no other place', () => {
    fc.assert(
      fc.property(secrets, places, places, (secret, at, elsewhere) => {
        fc.pre(JSON.stringify(at) !== JSON.stringify(elsewhere));
        expect(() => unseal(ring, seal(ring, secret, at), elsewhere)).toThrow(Tampered);
      }),
    );
  });

  it('does not confuse places whose fields run together alike', () => {
    const sealed = seal(ring, 'x', { table: 'a', id: 'bc', owner: 'd' });
    expect(() => unseal(ring, sealed, { table: 'ab', id: 'c', owner: 'd' })).toThrow(Tampered);
  });

  it('notices a change of any one byte, and any cut', () => {
    const sealed = seal(ring, 'a password', place);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unseal(ring, changed, place), `byte ${at}`).toThrow();
      expect(() => unseal(ring, sealed.subarray(0, at), place), `cut at ${at}`).toThrow();
    }
  });

  it('never makes the same bytes twice', () => {
    const sealed = Array.from({ length: 500 }, () => seal(ring, 'same', place).toString('hex'));
    expect(new Set(sealed).size).toBe(500);
  });

  it('names its key, and says so when that key is missing', () => {
    const sealed = seal(ring, 'x', place);
    const other: KeyRing = { current: 'k2', keys: new Map([['k2', randomBytes(32)]]) };
    expect(keyIdOf(sealed)).toBe('k1');
    expect(() => unseal(other, sealed, place)).toThrow(UnknownKey);
    const rotated: KeyRing = { current: 'k2', keys: new Map([...other.keys, ...ring.keys]) };
    expect(unseal(rotated, sealed, place)).toBe('x');
    expect(keyIdOf(seal(rotated, 'x', place))).toBe('k2');
  });

  it('holds nothing of the plain text', () => {
    expect(seal(ring, 'planted-secret', place).includes('planted')).toBe(false);
  });
});
