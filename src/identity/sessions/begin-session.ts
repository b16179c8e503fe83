import { and, eq } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database } from '#db/client.ts';
import { sessions } from '#db/schema/sessions.ts';
import { inTransaction } from '#db/transactions.ts';
import { hashToken } from '#platform/crypto/tokens.ts';
import type { Device } from '../device.ts';
import { recordSecurityEvent } from '../security-events.ts';
import { refreshTokenOf } from '../tokens/refresh-token.ts';
import type { SigningKeys } from '../tokens/signing-keys.ts';
import { refreshLifetime } from './lifetimes.ts';

/** A session, and the token by which its browser is to keep it alive. */
export interface BegunSession {
  sessionId: string;
  userId: string;
  refreshToken: string;
  /** Whether the person has never signed in on this device before, but has on another. */
  isNewDevice: boolean;
}

/** Begins a session of somebody who has shown who they are. */
export function beginSession(
  db: Database,
  keys: SigningKeys,
  userId: string,
  device: Device,
): Promise<BegunSession> {
  const claim = { sessionId: newId(), number: 0, keyId: keys.currentId };
  const refreshToken = refreshTokenOf(keys, claim);
  return inTransaction(db, async (tx) => {
    const devices = await tx
      .selectDistinct({ hash: sessions.deviceHash })
      .from(sessions)
      .where(and(eq(sessions.userId, userId)));
    const isNewDevice = devices.length > 0 && !devices.some(({ hash }) => hash === device.hash);
    await tx.insert(sessions).values({
      id: claim.sessionId,
      userId,
      deviceHash: device.hash,
      userAgent: device.userAgent,
      ipAddress: device.ipAddress,
      expiresAt: new Date(Date.now() + refreshLifetime * 1000),
      refreshKeyId: claim.keyId,
      refreshHash: hashToken(refreshToken),
    });
    const kind = isNewDevice ? 'signed_in_on_new_device' : 'signed_in';
    await recordSecurityEvent(tx, { kind, userId, sessionId: claim.sessionId, device });
    return { sessionId: claim.sessionId, userId, refreshToken, isNewDevice };
  });
}
