import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { securityEvents, signInAttempts } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { hashToken } from '#platform/crypto/tokens.ts';
import type { Device } from './device.ts';
import { forgetOldAttempts, unlockAddress } from './lockout.ts';
import { beginSession } from './sessions/begin-session.ts';
import { userOfSession } from './sessions/reading.ts';
import { attemptSignIn } from './sign-in.ts';
import { newKeys } from './tokens/testing.ts';
import { createUser } from './writing.ts';

const db = await testDatabase();
const rates = { address: { count: 5, seconds: 900 }, ip: { count: 8, seconds: 900 } };
const password = 'correct horse battery';
const minute = 60_000;

beforeEach(async () => {
  await db.delete(signInAttempts);
});

function newDevice(ipAddress = `2001:db8::${randomUUID().slice(0, 4)}`): Device {
  return { hash: hashToken(randomUUID()), userAgent: 'a browser', ipAddress };
}

async function newPerson() {
  const email = `${randomUUID()}@example.org`;
  return { ...(await createUser(db, { email, name: 'P', password, role: 'user' })), email };
}

const attempt = (email: string, typed: string, device: Device) =>
  attemptSignIn(db, rates, { email, password: typed }, device);

async function fail(email: string, times: number, device: () => Device = () => newDevice()) {
  const kinds: string[] = [];
  for (let time = 0; time < times; time += 1) kinds.push((await attempt(email, 'wrong', device())).kind);
  return kinds;
}

/** As if so many minutes had passed. */
async function pass(minutes: number): Promise<void> {
  await db.execute(sql`
    update sign_in_attempts set window_began_at = window_began_at - make_interval(mins => ${minutes}),
      locked_until = locked_until - make_interval(mins => ${minutes}),
      updated_at = updated_at - make_interval(mins => ${minutes})`);
}

async function lockOf(email: string): Promise<number> {
  const outcome = await attempt(email, password, newDevice());
  if (outcome.kind !== 'locked') throw new Error(`It is ${outcome.kind}.`);
  return Math.round((outcome.until.getTime() - Date.now()) / minute);
}

describe('an address', () => {
  it('is locked after five failures, wherever they come from, and for twice as long each time', async () => {
    const { email } = await newPerson();
    for (const minutes of [15, 30, 60]) {
      expect(await fail(email, 5)).toEqual(Array(5).fill('wrong'));
      expect(await lockOf(email)).toBe(minutes);
      await pass(minutes - 1);
      expect(await lockOf(email)).toBe(1);
      await pass(2);
    }
    expect((await attempt(email, password, newDevice())).kind).toBe('right');
    await fail(email, 5);
    expect(await lockOf(email)).toBe(15);
  });

  it('is locked alike where nobody has it', async () => {
    const email = `${randomUUID()}@nobody.example`;
    expect(await fail(email, 6)).toEqual([...Array(5).fill('wrong'), 'locked']);
  });

  it('lets no more than five of many guesses at once be tried', async () => {
    const { email } = await newPerson();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => attempt(email, 'wrong', newDevice())),
    );
    expect(outcomes.filter(({ kind }) => kind === 'wrong')).toHaveLength(5);
  });

  it('is forgiven what lies a quarter of an hour back, and all of it at the right password', async () => {
    const { email } = await newPerson();
    await fail(email, 4);
    await pass(16);
    await fail(email, 4);
    expect((await attempt(email, password, newDevice())).kind).toBe('right');
    expect(await fail(email, 5)).toEqual(Array(5).fill('wrong'));
  });

  it('is unlocked by an admin', async () => {
    const { email } = await newPerson();
    await fail(email, 6);
    await unlockAddress(db, email);
    expect((await attempt(email, password, newDevice())).kind).toBe('right');
  });
});

describe('where attempts come from', () => {
  it('is locked when they fail for many addresses; who signs in from there well is not counted', async () => {
    const device = newDevice();
    for (let time = 0; time < 8; time += 1) {
      const { email } = await newPerson();
      expect((await attempt(email, password, device)).kind).toBe('right');
      expect((await attempt(`${randomUUID()}@nobody.example`, 'wrong', device)).kind).toBe('wrong');
    }
    const { email } = await newPerson();
    expect((await attempt(email, password, device)).kind).toBe('locked');
    expect((await attempt(email, password, newDevice())).kind).toBe('right');
  });
});

describe('whoever guesses', () => {
  it('locks nobody out of a device on which they have signed in, nor of their session', async () => {
    const { id, email } = await newPerson();
    const laptop = newDevice('203.0.113.9');
    const session = await beginSession(db, newKeys(), id, laptop);
    // Also from behind the same address.
    await fail(email, 30, () => newDevice('203.0.113.9'));
    expect(await lockOf(email)).toBeGreaterThan(0);
    expect((await attempt(email, password, laptop)).kind).toBe('right');
    expect(await userOfSession(db, session)).not.toBeNull();
    // On the device itself too there is an end to guessing.
    expect(await fail(email, 6, () => laptop)).toEqual([...Array(5).fill('wrong'), 'locked']);
  });

  it('is written down, where the address is somebody’s for them', async () => {
    const { id, email } = await newPerson();
    // A lock is told once, however many go on.
    await fail(email, 20);
    const rows = await db.select().from(securityEvents);
    const kinds = rows.filter(({ userId }) => userId === id).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual([...Array(5).fill('sign_in_failed'), 'sign_in_locked']);
    await expect(db.update(securityEvents).set({ kind: 'signed_in' })).rejects.toThrow();
  });
});

it('what is long past is forgotten', async () => {
  await fail(`${randomUUID()}@nobody.example`, 2);
  await forgetOldAttempts(db);
  expect(await db.select().from(signInAttempts)).not.toEqual([]);
  await pass(60 * 24 * 3);
  await forgetOldAttempts(db);
  expect(await db.select().from(signInAttempts)).toEqual([]);
});
