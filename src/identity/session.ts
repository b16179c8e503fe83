import { and, eq, isNull } from 'drizzle-orm';
import type { AuthOptions } from 'next-auth';
import { getServerSession } from 'next-auth/next';
import type { Queryable } from '#db/client.ts';
import { type UserRole, users } from '#db/schema/users.ts';
import { config } from '#platform/config.ts';
import { ensureSessionSecret } from '#platform/crypto/session-secret.ts';
import { createLog } from '#platform/log.ts';
import { buildAuthOptions, type SessionSettings, sessionShape } from './session-options.ts';

/** Whoever made this request, as their row says at this moment. */
export interface SignedInUser {
  id: string;
  email: string;
  name: string;
  role: UserRole;
}

let settings: SessionSettings | null = null;

function sessionSettings(): SessionSettings {
  if (settings !== null) return settings;
  const { appUrl, isPlainHttp, SESSION_SECRET_FILE, LOG_LEVEL } = config();
  // next-auth takes its own address from this variable, and from the request's Host header where it is unset.
  process.env.NEXTAUTH_URL = appUrl;
  const log = createLog('sign-in', LOG_LEVEL);
  settings = { appUrl, isPlainHttp, secret: ensureSessionSecret(SESSION_SECRET_FILE), log };
  return settings;
}

/** next-auth's options of this process, for its route. */
export function authOptions(db: Queryable): AuthOptions {
  return buildAuthOptions(db, sessionSettings());
}

/**
 * The user that a session stands for; null where it is none, the person is disabled, or a password change ended it.
 * @param session what next-auth gave: its shape is checked, since an object alone proves nothing
 */
export async function userOfSession(db: Queryable, session: unknown): Promise<SignedInUser | null> {
  const claim = sessionShape.safeParse(session);
  if (!claim.success) return null;
  const { userId, sessionEpoch } = claim.data.user;
  const [user] = await db
    .select({ id: users.id, email: users.email, name: users.name, role: users.role })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.sessionEpoch, sessionEpoch), isNull(users.disabledAt)));
  return user ?? null;
}

/**
 * Who is signed in, inside a request to Next (a server component, a route handler). It reads the row every time, so that
 * a session ends with the next request after a password change.
 * @throws where sign-in is misconfigured: a broken configuration lets nobody in
 */
export async function currentUser(db: Queryable): Promise<SignedInUser | null> {
  return userOfSession(db, await getServerSession(authOptions(db)));
}
