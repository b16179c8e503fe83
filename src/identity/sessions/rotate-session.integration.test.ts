import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { securityEvents, sessions } from '#db/schema/sessions.ts';
import { testDatabase } from '#db/testing.ts';
import { hashToken } from '#platform/crypto/tokens.ts';
import { refreshTokenOf } from '../tokens/refresh-token.ts';
import type { SigningKeys } from '../tokens/signing-keys.ts';
import { newKeys } from '../tokens/testing.ts';
import { createUser, disableUser } from '../writing.ts';
import { beginSession } from './begin-session.ts';
import { endSession } from './end-session.ts';
import { userOfSession } from './reading.ts';
import { type Rotation, rotateSession } from './rotate-session.ts';

const db = await testDatabase();
const keys = newKeys('k1', 'k2');
const device = { hash: hashToken('a laptop'), userAgent: 'a browser', ipAddress: '203.0.113.9' };
const thief = { hash: hashToken('another machine'), userAgent: 'a browser', ipAddress: '198.51.100.7' };

async function begun(with_: SigningKeys = keys) {
  const email = `${randomUUID()}@example.org`;
  const { id: userId } = await createUser(db, {
    email,
    name: 'P',
    password: 'correct horse battery',
    role: 'user',
  });
  return beginSession(db, with_, userId, device);
}

const rotate = (token: string, by = device) => rotateSession(db, keys, token, by);

function tokenOf(rotation: Rotation): string {
  if (rotation.outcome !== 'rotated') throw new Error(`It was ${rotation.outcome}.`);
  return rotation.refreshToken;
}

/** As if so many milliseconds had passed since the last rotation. */
async function pass(sessionId: string, milliseconds: number): Promise<void> {
  await db.execute(sql`
    update sessions set rotated_at = rotated_at - make_interval(secs => ${milliseconds / 1000}::float8)
    where id = ${sessionId}`);
}

async function isGoingOn({ userId, sessionId }: { userId: string; sessionId: string }): Promise<boolean> {
  return (await userOfSession(db, { userId, sessionId })) !== null;
}

async function eventsOf(sessionId: string): Promise<string[]> {
  const rows = await db.select().from(securityEvents).where(eq(securityEvents.sessionId, sessionId));
  return rows.map(({ kind }) => kind).sort();
}

describe('a refresh token', () => {
  it('is exchanged once for its successor, and only the hash of either is kept', async () => {
    const session = await begun();
    const next = tokenOf(await rotate(session.refreshToken));
    expect(next).not.toBe(session.refreshToken);
    const rows = JSON.stringify(await db.select().from(sessions));
    expect(rows).toContain(hashToken(next));
    for (const token of [session.refreshToken, next]) expect(rows).not.toContain(token.split('.')[3]);
  });

  it('gives the same successor again to the same device within ten seconds', async () => {
    const session = await begun();
    const rotations = await Promise.all(Array.from({ length: 8 }, () => rotate(session.refreshToken)));
    expect(new Set(rotations.map(tokenOf)).size).toBe(1);
    await pass(session.sessionId, 9000);
    expect(tokenOf(await rotate(session.refreshToken))).toBe(tokenOf(rotations[0]!));
    expect(await isGoingOn(session)).toBe(true);
    expect(await eventsOf(session.sessionId)).toEqual(['signed_in']);
  });

  it.each<[string, (session: Awaited<ReturnType<typeof begun>>) => Promise<Rotation>]>([
    [
      'after ten seconds',
      async ({ sessionId, refreshToken }) => {
        await rotate(refreshToken);
        await pass(sessionId, 10_500);
        return rotate(refreshToken);
      },
    ],
    [
      'from another device',
      async ({ refreshToken }) => {
        await rotate(refreshToken);
        return rotate(refreshToken, thief);
      },
    ],
    [
      'when its successor was used',
      async ({ refreshToken }) => {
        await rotate(tokenOf(await rotate(refreshToken)));
        return rotate(refreshToken);
      },
    ],
  ])('ends its session and no other when it is presented again %s', async (_when, replay) => {
    const session = await begun();
    const other = await beginSession(db, keys, session.userId, device);
    expect(await replay(session)).toMatchObject({ outcome: 'replayed' });
    expect(await isGoingOn(session)).toBe(false);
    expect(await isGoingOn(other)).toBe(true);
    expect(await eventsOf(session.sessionId)).toContain('refresh_replayed');
    expect(await eventsOf(other.sessionId)).not.toContain('refresh_replayed');
  });

  it('is refused, and ends nothing, where it is none of ours', async () => {
    const session = await begun();
    const [id = '', number = '', keyId = '', mac = ''] = session.refreshToken.split('.');
    for (const forged of [
      '',
      'x',
      `${id}.${number}.${keyId}.${mac.slice(1)}A`,
      `${id}.1.${keyId}.${mac}`,
      `${randomUUID()}.${number}.${keyId}.${mac}`,
      `${id}.${number}.k2.${mac}`,
      `${id}.${number}.k3.${mac}`,
      refreshTokenOf(newKeys('k1'), { sessionId: id, number: 0, keyId: 'k1' }),
    ]) {
      expect(await rotate(forged), forged).toEqual({ outcome: 'refused' });
    }
    expect(await isGoingOn(session)).toBe(true);
  });

  it('is refused when its session is over: left, expired, or its person disabled', async () => {
    const [left, expired, disabled] = [await begun(), await begun(), await begun()];
    await endSession(db, { ...left, ending: 'signed_out' });
    await db
      .update(sessions)
      .set({ expiresAt: new Date(0) })
      .where(eq(sessions.id, expired.sessionId));
    await disableUser(db, disabled.userId);
    for (const { refreshToken } of [left, expired, disabled])
      expect(await rotate(refreshToken)).toEqual({ outcome: 'refused' });
  });

  it('stays good when the keys are rotated, and is followed by one of the new key', async () => {
    const before = newKeys('k1', 'k2');
    const after: SigningKeys = { ...before, currentId: 'k2' };
    const session = await begun(before);
    const next = tokenOf(await rotateSession(db, after, session.refreshToken, device));
    expect(next.split('.')[2]).toBe('k2');
    expect(tokenOf(await rotateSession(db, before, session.refreshToken, device))).toBe(next);
  });
});

it('of 200 rotations with races no token that was ever used works again, and no honest browser is signed out', async () => {
  const session = await begun();
  const used: string[] = [];
  let token = session.refreshToken;
  for (let round = 0; round < 200; round += 1) {
    const tabs = 1 + (round % 4);
    const rotations = await Promise.all(Array.from({ length: tabs }, () => rotate(token)));
    expect(new Set(rotations.map(tokenOf)).size).toBe(1);
    used.push(token);
    token = tokenOf(rotations[0]!);
  }
  expect(await isGoingOn(session)).toBe(true);
  expect(await eventsOf(session.sessionId)).toEqual(['signed_in']);
  await pass(session.sessionId, 10_500);
  // Each replay ends the session; given back its life, the next one must end it anew.
  for (const old of used) {
    expect(await rotate(old)).toMatchObject({ outcome: 'replayed' });
    expect(await isGoingOn(session)).toBe(false);
    await db.update(sessions).set({ endedAt: null, ending: null }).where(eq(sessions.id, session.sessionId));
  }
  expect(tokenOf(await rotate(token))).not.toBe(token);
}, 120_000);
