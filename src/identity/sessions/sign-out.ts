import type { Database } from '#db/client.ts';
import { inTransaction } from '#db/transactions.ts';
import type { Device } from '../device.ts';
import { recordSecurityEvent } from '../security-events.ts';
import type { SessionClaim } from '../tokens/access-token.ts';
import { endSession } from './end-session.ts';

/** Ends the session in which somebody signs out. */
export async function signOut(
  db: Database,
  { userId, sessionId }: SessionClaim,
  device: Device,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const isEnded = await endSession(tx, { sessionId, userId, ending: 'signed_out' });
    if (isEnded) await recordSecurityEvent(tx, { kind: 'signed_out', userId, sessionId, device });
  });
}
