import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { sessions } from '#db/schema/sessions.ts';
import { type UserRole, users } from '#db/schema/users.ts';
import type { SessionClaim } from '../tokens/access-token.ts';

/** Whoever made a request, as their row says at this moment. */
export interface SignedInUser {
  id: string;
  email: string;
  name: string;
  role: UserRole;
  sessionId: string;
}

const isGoingOn = and(isNull(sessions.endedAt), gt(sessions.expiresAt, sql`now()`));

/** The user of a session that is going on; null where it is over, or the person disabled. */
export async function userOfSession(
  db: Queryable,
  { userId, sessionId }: SessionClaim,
): Promise<SignedInUser | null> {
  const [user] = await db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      sessionId: sessions.id,
    })
    .from(sessions)
    .innerJoin(users, and(eq(users.id, sessions.userId), isNull(users.disabledAt)))
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isGoingOn));
  return user ?? null;
}

/** A session as its person sees it. */
export interface SessionView {
  id: string;
  userAgent: string;
  ipAddress: string | null;
  createdAt: Date;
  lastUsedAt: Date;
}

/** The sessions of a person that are going on, the last used first. */
export function sessionsOf(db: Queryable, userId: string): Promise<SessionView[]> {
  return db
    .select({
      id: sessions.id,
      userAgent: sessions.userAgent,
      ipAddress: sessions.ipAddress,
      createdAt: sessions.createdAt,
      lastUsedAt: sessions.lastUsedAt,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isGoingOn))
    .orderBy(desc(sessions.lastUsedAt), desc(sessions.id));
}
