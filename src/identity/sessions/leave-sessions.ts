import type { Database } from '#db/client.ts';
import { inTransaction } from '#db/transactions.ts';
import type { Device } from '../device.ts';
import { recordSecurityEvent } from '../security-events.ts';
import type { SessionClaim } from '../tokens/access-token.ts';
import { endSession, endSessions } from './end-session.ts';

/** How a person ends one of their own sessions: in it, or from another one; and what is written down of it. */
const eventOf = { signed_out: 'signed_out', ended_by_person: 'session_ended' } as const;

/** Ends one of a person's own sessions, as they wish. @returns whether it was theirs and going on */
export function leaveSession(
  db: Database,
  { userId, sessionId }: SessionClaim,
  ending: keyof typeof eventOf,
  device: Device,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const isEnded = await endSession(tx, { sessionId, userId, ending });
    if (isEnded) await recordSecurityEvent(tx, { kind: eventOf[ending], userId, sessionId, device });
    return isEnded;
  });
}

/** Ends all of a person's sessions but the one that they ask in. @returns how many */
export function leaveOtherSessions(
  db: Database,
  { userId, sessionId }: SessionClaim,
  device: Device,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const ended = await endSessions(tx, { userId, ending: 'ended_by_person', except: sessionId });
    for (const id of ended)
      await recordSecurityEvent(tx, { kind: 'session_ended', userId, sessionId: id, device });
    return ended.length;
  });
}
