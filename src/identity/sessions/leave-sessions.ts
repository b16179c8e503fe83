import type { Database } from '#db/client.ts';
import { inTransaction } from '#db/transactions.ts';
import type { Device } from '../device.ts';
import { recordSecurityEvent } from '../security-events.ts';
import { endSession, endSessions } from './end-session.ts';

/** Ends one of a person's own sessions, as they wish. @returns whether it was theirs and going on */
export function leaveSession(
  db: Database,
  { userId, sessionId }: { userId: string; sessionId: string },
  device: Device,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const isEnded = await endSession(tx, { sessionId, userId, ending: 'ended_by_person' });
    if (isEnded) await recordSecurityEvent(tx, { kind: 'session_ended', userId, sessionId, device });
    return isEnded;
  });
}

/** Ends all of a person's sessions but the one that they ask in. @returns how many */
export function leaveOtherSessions(
  db: Database,
  { userId, sessionId }: { userId: string; sessionId: string },
  device: Device,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const ended = await endSessions(tx, { userId, ending: 'ended_by_person', except: sessionId });
    for (const id of ended)
      await recordSecurityEvent(tx, { kind: 'session_ended', userId, sessionId: id, device });
    return ended.length;
  });
}
