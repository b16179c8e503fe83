import { describe, expect, it } from 'vitest';
import { normaliseEmail } from './email-address.ts';
import { IdentityError } from './identity-errors.ts';
import { hashPassword, verifyPassword } from './passwords.ts';

describe('passwords', () => {
  it('are hashed by argon2id with the recommended cost, each with a salt of its own', async () => {
    const [one, two] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword(one, 'correct horse')).toBe(true);
    expect(await verifyPassword(one, 'correct hors')).toBe(false);
  });

  it('need ten characters, and no more than 256', async () => {
    await expect(hashPassword('ninechars')).rejects.toMatchObject({ code: 'password_too_short' });
    await expect(hashPassword('🐴'.repeat(9))).rejects.toMatchObject({ code: 'password_too_short' });
    await expect(hashPassword('x'.repeat(257))).rejects.toMatchObject({ code: 'password_too_long' });
    await expect(hashPassword('x'.repeat(256))).resolves.toMatch(/^\$argon2id/);
  });

  it('match however their accents were typed', async () => {
    const stored = await hashPassword('Müller-Straße');
    expect(await verifyPassword(stored, 'Mu\u0308ller-Straße')).toBe(true);
  });

  it('are never right for nobody, and cost the same work', async () => {
    const stored = await hashPassword('correct horse');
    await verifyPassword(null, 'warm up');
    const time = async (passwordHash: string | null) => {
      const times: number[] = [];
      for (let round = 0; round < 7; round += 1) {
        const start = performance.now();
        expect(await verifyPassword(passwordHash, 'wrong password')).toBe(false);
        times.push(performance.now() - start);
      }
      return times.sort((left, right) => left - right)[3]!;
    };
    const [known, unknown] = [await time(stored), await time(null)];
    // Without the decoy nobody's answer comes in microseconds: a hundredth, not a third.
    expect(unknown).toBeGreaterThan(known / 3);
    expect(await verifyPassword(null, 'nobody has this password')).toBe(false);
  });
});

describe('an address', () => {
  it.each([
    [' Anna@Example.ORG ', 'anna@example.org'],
    ['mu\u0308ller@example.org', 'müller@example.org'],
    ["o'neil+mail@sub.example.org", "o'neil+mail@sub.example.org"],
  ])('%j is kept as %s', (typed, kept) => expect(normaliseEmail(typed)).toBe(kept));

  it.each([
    '',
    'anna',
    'a@b@c',
    'a＠evil.com@victim.com',
    'a＠evil.com',
    '"e@attacker.com"@victim.com',
    '"anna"@example.org',
    'anna@example.org\r\nBcc: x@evil.example',
    'anna\0@example.org',
    'an na@example.org',
    'anna@example.org, x@evil.example',
    'Anna <anna@example.org>',
    'a\u200bnna@example.org',
    `${'a'.repeat(250)}@example.org`,
  ])('%j is none', (typed) => expect(() => normaliseEmail(typed)).toThrow(IdentityError));
});
