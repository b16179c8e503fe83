import { eq } from 'drizzle-orm';
import type { Database, Queryable } from '#db/client.ts';
import { users } from '#db/schema/users.ts';
import type { Device } from './device.ts';
import { normaliseEmail } from './email-address.ts';
import { IdentityError } from './identity-errors.ts';
import { beginAttempt, endAttemptWell, type LockoutRates } from './lockout.ts';
import { verifyPassword } from './passwords.ts';
import { recordSecurityEvent } from './security-events.ts';

function emailOrNull(typed: string): string | null {
  try {
    return normaliseEmail(typed);
  } catch (error) {
    if (error instanceof IdentityError) return null;
    throw error;
  }
}

/**
 * Checks an address and a password. Null for whatever reason they are not right: an unknown address, a wrong password
 * and a disabled person look alike and take alike long.
 */
export async function signInByPassword(
  db: Queryable,
  typed: { email: string; password: string },
): Promise<{ userId: string } | null> {
  const email = emailOrNull(typed.email);
  const [row] = email === null ? [] : await db.select().from(users).where(eq(users.email, email));
  const isRight = await verifyPassword(row?.passwordHash ?? null, typed.password);
  if (!isRight || row === undefined || row.disabledAt !== null) return null;
  return { userId: row.id };
}

/** What came of somebody's attempt to sign in. */
export type SignInOutcome =
  | { kind: 'right'; userId: string }
  | { kind: 'wrong' }
  /** Too many have failed: nothing was looked at. */
  | { kind: 'locked'; until: Date };

/** As `signInByPassword`, but only so often: whoever guesses is locked out for a while, whether or not there is somebody. */
export async function attemptSignIn(
  db: Database,
  rates: LockoutRates,
  typed: { email: string; password: string },
  device: Device,
): Promise<SignInOutcome> {
  const email = emailOrNull(typed.email) ?? typed.email;
  const attempt = await beginAttempt(db, email, device, rates);
  if (attempt.lockedUntil !== null) {
    if (attempt.isLockNew) await tellOwner(db, 'sign_in_locked', email, device);
    return { kind: 'locked', until: attempt.lockedUntil };
  }
  const found = await signInByPassword(db, typed);
  if (found === null) {
    await tellOwner(db, 'sign_in_failed', email, device);
    return { kind: 'wrong' };
  }
  await endAttemptWell(db, attempt);
  return { kind: 'right', userId: found.userId };
}

/** Writes down that somebody has tried, for whoever has the address; the same is done where nobody has it. */
async function tellOwner(
  db: Database,
  kind: 'sign_in_locked' | 'sign_in_failed',
  email: string,
  device: Device,
): Promise<void> {
  const [owner] = await db.select({ id: users.id }).from(users).where(eq(users.email, email));
  await recordSecurityEvent(db, { kind, userId: owner?.id ?? null, actorId: null, device });
}
