import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { sessions } from '#db/schema/sessions.ts';
import { users } from '#db/schema/users.ts';
import { inTransaction } from '#db/transactions.ts';
import { hashToken, isSameSecret } from '#platform/crypto/tokens.ts';
import type { Device } from '../device.ts';
import { recordSecurityEvent } from '../security-events.ts';
import { type RefreshClaim, readRefreshToken, refreshTokenOf } from '../tokens/refresh-token.ts';
import type { SigningKeys } from '../tokens/signing-keys.ts';
import { endSession } from './end-session.ts';
import { graceAfterRotation, refreshLifetime } from './lifetimes.ts';

/** What came of a refresh token that was presented. */
export type Rotation =
  | { outcome: 'rotated'; userId: string; sessionId: string; refreshToken: string }
  /** It is none of ours, or its session is over. */
  | { outcome: 'refused' }
  /** It had been used before: whoever has it now, its session has ended. */
  | { outcome: 'replayed'; userId: string };

/**
 * Exchanges a refresh token for its successor (RFC 9700 §4.14.2). One that was exchanged a moment ago by the same device,
 * and whose successor has not been used, gets that successor again; any other old one ends its session.
 */
export async function rotateSession(
  db: Database,
  keys: SigningKeys,
  presented: string,
  device: Device,
): Promise<Rotation> {
  const claim = readRefreshToken(keys, presented);
  if (claim === null) return { outcome: 'refused' };
  const rotated = await exchange(db, keys, claim, presented, device);
  return rotated ?? settleOld(db, keys, claim, device);
}

/** One conditional update: of two that present the same token, one exchanges it. */
async function exchange(
  db: Database,
  keys: SigningKeys,
  { sessionId, number }: RefreshClaim,
  presented: string,
  device: Device,
): Promise<Rotation | null> {
  const next = { sessionId, number: number + 1, keyId: keys.currentId };
  const refreshToken = refreshTokenOf(keys, next);
  const [session] = await db
    .update(sessions)
    .set({
      refreshNumber: next.number,
      refreshKeyId: next.keyId,
      refreshHash: hashToken(refreshToken),
      rotatedAt: sql`now()`,
      lastUsedAt: sql`now()`,
      expiresAt: sql`now() + make_interval(secs => ${refreshLifetime})`,
      userAgent: device.userAgent,
      ipAddress: device.ipAddress,
    })
    .where(
      and(
        eq(sessions.id, sessionId),
        eq(sessions.refreshNumber, number),
        eq(sessions.refreshHash, hashToken(presented)),
        isNull(sessions.endedAt),
        gt(sessions.expiresAt, sql`now()`),
        sql`exists (select 1 from ${users} where ${users.id} = ${sessions.userId} and ${users.disabledAt} is null)`,
      ),
    )
    .returning({ userId: sessions.userId });
  return session === undefined
    ? null
    : { outcome: 'rotated', userId: session.userId, sessionId, refreshToken };
}

function settleOld(
  db: Database,
  keys: SigningKeys,
  { sessionId, number }: RefreshClaim,
  device: Device,
): Promise<Rotation> {
  return inTransaction(db, async (tx) => {
    const [session] = await tx
      .select({
        userId: sessions.userId,
        refreshNumber: sessions.refreshNumber,
        refreshKeyId: sessions.refreshKeyId,
        refreshHash: sessions.refreshHash,
        deviceHash: sessions.deviceHash,
        isOver: sql<boolean>`${sessions.endedAt} is not null or ${sessions.expiresAt} <= now()`,
        sinceRotation: sql<number>`extract(epoch from now() - ${sessions.rotatedAt})::float8 * 1000`,
      })
      .from(sessions)
      .innerJoin(users, and(eq(users.id, sessions.userId), isNull(users.disabledAt)))
      .where(eq(sessions.id, sessionId))
      .for('update', { of: sessions });
    if (session === undefined || session.isOver) return { outcome: 'refused' };
    const { userId, refreshNumber, refreshKeyId } = session;
    const isJustBefore =
      number === refreshNumber - 1 &&
      session.sinceRotation <= graceAfterRotation &&
      session.deviceHash === device.hash;
    const isKeyKnown = keys.find(refreshKeyId, 'refresh') !== null;
    if (isJustBefore && isKeyKnown) {
      const refreshToken = refreshTokenOf(keys, { sessionId, number: refreshNumber, keyId: refreshKeyId });
      if (isSameSecret(hashToken(refreshToken), session.refreshHash))
        return { outcome: 'rotated', userId, sessionId, refreshToken };
    }
    await endSession(tx, { sessionId, userId, ending: 'refresh_replayed' });
    const detail = { number, newest: refreshNumber };
    await recordSecurityEvent(tx, {
      ...{ kind: 'refresh_replayed', userId, actorId: null, sessionId, device, detail },
    });
    return { outcome: 'replayed', userId };
  });
}
