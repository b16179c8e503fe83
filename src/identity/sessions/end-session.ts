import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { type SessionEnding, sessions } from '#db/schema/sessions.ts';

const ended = (ending: SessionEnding) => ({ endedAt: sql`now()`, ending });

/** Ends a session of this person: it is over with the next request. @returns whether it was still going on */
export async function endSession(
  db: Queryable,
  { sessionId, userId, ending }: { sessionId: string; userId: string; ending: SessionEnding },
): Promise<boolean> {
  const rows = await db
    .update(sessions)
    .set(ended(ending))
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isNull(sessions.endedAt)))
    .returning({ id: sessions.id });
  return rows.length > 0;
}

/** Ends all of a person's sessions, but for the one to be kept. @returns the ids of those that it ended */
export async function endSessions(
  db: Queryable,
  { userId, ending, except = null }: { userId: string; ending: SessionEnding; except?: string | null },
): Promise<string[]> {
  const rows = await db
    .update(sessions)
    .set(ended(ending))
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.endedAt),
        except === null ? undefined : ne(sessions.id, except),
      ),
    )
    .returning({ id: sessions.id });
  return rows.map(({ id }) => id);
}
