import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Database, Queryable } from '#db/client.ts';
import { type InvitationPurpose, invitations, type UserRole } from '#db/schema/users.ts';
import { inTransaction } from '#db/transactions.ts';
import { hashToken, newToken } from '#platform/crypto/tokens.ts';
import { normaliseEmail } from './email-address.ts';
import { IdentityError } from './identity-errors.ts';
import { hasAdmin, type User } from './reading.ts';
import { insertUser, prepareUser } from './writing.ts';

/** How long a link can be used, in hours. */
export const invitationHours: Record<InvitationPurpose, number> = { first_admin: 24, invite: 7 * 24 };

/** An invitation as the page that it opens shows it. */
export interface Invitation {
  purpose: InvitationPurpose;
  role: UserRole;
  /** The address that it was made for; null lets the person type one. */
  email: string | null;
  expiresAt: Date;
}

function expiryOf(purpose: InvitationPurpose) {
  // The database's clock alone decides, so that two machines never disagree about a link.
  return sql`now() + make_interval(hours => ${invitationHours[purpose]})`;
}

const isUsable = (token: string) =>
  and(
    eq(invitations.tokenHash, hashToken(token)),
    isNull(invitations.usedAt),
    gt(invitations.expiresAt, sql`now()`),
  );

/**
 * Where nobody looks after this installation yet, a fresh token for the first admin, which start-up prints (once: only
 * its hash is kept). Unused older ones end. Null where there is an admin.
 */
export async function ensureFirstAdminInvitation(db: Database): Promise<string | null> {
  return inTransaction(db, async (tx) => {
    // Two processes that start at once print one after the other, and the later one's token is the one that counts.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('mailroom.first_admin'))`);
    await tx
      .delete(invitations)
      .where(and(eq(invitations.purpose, 'first_admin'), isNull(invitations.usedAt)));
    if (await hasAdmin(tx)) return null;
    const token = newToken();
    await tx.insert(invitations).values({
      tokenHash: hashToken(token),
      purpose: 'first_admin',
      role: 'admin',
      expiresAt: expiryOf('first_admin'),
    });
    return token;
  });
}

/**
 * Makes a one-time link for somebody; the caller is an admin (the API's admin procedures see to that).
 * @returns the token of `${appUrl}/join/<token>`, which is kept nowhere
 * @throws IdentityError email_invalid
 */
export async function createInvitation(
  db: Queryable,
  { by, email, role }: { by: string; email: string | null; role: UserRole },
): Promise<string> {
  const token = newToken();
  await db.insert(invitations).values({
    tokenHash: hashToken(token),
    purpose: 'invite',
    role,
    email: email === null ? null : normaliseEmail(email),
    createdBy: by,
    expiresAt: expiryOf('invite'),
  });
  return token;
}

/** The invitation behind a token; null where it never was, was used, or has expired: these look alike. */
export async function readInvitation(db: Queryable, token: string): Promise<Invitation | null> {
  const { purpose, role, email, expiresAt } = invitations;
  const [found] = await db
    .select({ purpose, role, email, expiresAt })
    .from(invitations)
    .where(isUsable(token));
  return found ?? null;
}

/**
 * Makes the invited person a user. A link serves once: of two that use it at the same moment, one becomes a user.
 * @throws IdentityError invitation_not_valid, invitation_other_email, email_taken, or as what was typed will not do
 */
export async function acceptInvitation(
  db: Database,
  { token, email, name, password }: { token: string; email: string; name: string; password: string },
): Promise<User> {
  // Looked at first, so that a stranger without a link cannot make us hash passwords.
  const invitation = await readInvitation(db, token);
  if (invitation === null) throw new IdentityError('invitation_not_valid');
  if (invitation.email !== null && invitation.email !== normaliseEmail(email)) {
    throw new IdentityError('invitation_other_email');
  }
  const person = await prepareUser({ email, name, password });
  return inTransaction(db, async (tx) => {
    const [claimed] = await tx
      .update(invitations)
      .set({ usedAt: sql`now()` })
      .where(isUsable(token))
      .returning({ id: invitations.id, role: invitations.role, purpose: invitations.purpose });
    if (claimed === undefined) throw new IdentityError('invitation_not_valid');
    // The lock of the token's making: an admin who came by another way ends it.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('mailroom.first_admin'))`);
    if (claimed.purpose === 'first_admin' && (await hasAdmin(tx))) {
      throw new IdentityError('invitation_not_valid');
    }
    const user = await insertUser(tx, { ...person, role: claimed.role });
    await tx.update(invitations).set({ usedBy: user.id }).where(eq(invitations.id, claimed.id));
    return user;
  });
}
