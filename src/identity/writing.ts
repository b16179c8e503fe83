import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database, Queryable } from '#db/client.ts';
import { type UserRole, users } from '#db/schema/users.ts';
import { inTransaction } from '#db/transactions.ts';
import type { Device } from './device.ts';
import { normaliseEmail } from './email-address.ts';
import { isGuessable } from './guessable.ts';
import { IdentityError } from './identity-errors.ts';
import { checkPassword, hashPassword, verifyPassword } from './passwords.ts';
import { findUserById, type User } from './reading.ts';
import { recordSecurityEvent } from './security-events.ts';
import { endSessions } from './sessions/end-session.ts';

export interface NewUser {
  email: string;
  name: string;
  password: string;
  role: UserRole;
}

/** A new user, checked, its password hashed: hashing takes a while, and no transaction should wait for it. */
export interface PreparedUser {
  email: string;
  name: string;
  passwordHash: string;
}

/** @throws IdentityError password_too_short, password_too_long or password_guessable */
async function checkNewPassword(password: string, known: readonly string[]): Promise<void> {
  checkPassword(password);
  if (await isGuessable(password, known)) throw new IdentityError('password_guessable');
}

/** @throws IdentityError where the address, name or password will not do */
export async function prepareUser({ email, name, password }: Omit<NewUser, 'role'>): Promise<PreparedUser> {
  const shown = name.trim().normalize('NFC');
  if (shown === '' || shown.length > 100 || /\p{Cc}/u.test(shown)) throw new IdentityError('name_invalid');
  const address = normaliseEmail(email);
  await checkNewPassword(password, [shown, address]);
  return { email: address, name: shown, passwordHash: await hashPassword(password) };
}

/** @throws IdentityError email_taken */
export async function insertUser(db: Queryable, user: PreparedUser & { role: UserRole }): Promise<User> {
  const [row] = await db.insert(users).values(user).onConflictDoNothing({ target: users.email }).returning();
  if (row === undefined) throw new IdentityError('email_taken');
  const { id, email, name, role, createdAt, disabledAt } = row;
  return { id, email, name, role, createdAt, disabledAt };
}

/**
 * Makes a user without an invitation: for the demo and for whoever holds the machine. People come in by invitations.ts.
 * @throws IdentityError where the address, name or password will not do, or the address is taken
 */
export async function createUser(db: Queryable, { role, ...person }: NewUser): Promise<User> {
  return insertUser(db, { ...(await prepareUser(person)), role });
}

/**
 * Changes a person's password and ends all their sessions, the one that asks among them.
 * @throws IdentityError password_wrong where the old one is not right, or as the new one will not do
 */
export async function setPassword(
  db: Database,
  { userId, oldPassword, newPassword }: { userId: string; oldPassword: string; newPassword: string },
  device: Device | null = null,
): Promise<void> {
  const [row] = await db
    .select({ passwordHash: users.passwordHash, name: users.name, email: users.email })
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.disabledAt)));
  const oldHash = row?.passwordHash ?? null;
  if (!(await verifyPassword(oldHash, oldPassword)) || oldHash === null || row === undefined) {
    throw new IdentityError('password_wrong');
  }
  await checkNewPassword(newPassword, [row.name, row.email]);
  const passwordHash = await hashPassword(newPassword);
  await inTransaction(db, async (tx) => {
    const changed = await tx
      .update(users)
      .set({ passwordHash })
      // Of two changes at once, the second started from a password that is not the current one any more.
      .where(and(eq(users.id, userId), eq(users.passwordHash, oldHash)))
      .returning({ id: users.id });
    if (changed.length === 0) throw new IdentityError('password_wrong');
    const ended = await endSessions(tx, { userId, ending: 'password_changed' });
    const detail = { sessions: ended.length };
    await recordSecurityEvent(tx, { kind: 'password_changed', userId, device, detail });
  });
}

/**
 * Shuts a person out, their open sessions too; what is theirs stays.
 * @throws IdentityError user_not_found, or last_admin
 */
export async function disableUser(db: Database, userId: string, by: string | null = null): Promise<void> {
  await inTransaction(db, async (tx) => {
    // All of them, in one order: of two admins who disable each other, the second sees what the first did.
    const admins = await tx
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.role, 'admin'), isNull(users.disabledAt)))
      .orderBy(users.id)
      .for('update');
    const user = await findUserById(tx, userId);
    if (user === null) throw new IdentityError('user_not_found');
    if (user.disabledAt !== null) return;
    if (admins.length === 1 && admins[0]?.id === userId) throw new IdentityError('last_admin');
    await tx.update(users).set({ disabledAt: sql`now()` }).where(eq(users.id, userId));
    await endSessions(tx, { userId, ending: 'ended_by_admin' });
    await recordSecurityEvent(tx, { kind: 'user_disabled', userId, actorId: by, device: null });
  });
}
