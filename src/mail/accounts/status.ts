import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { accountMembers, accounts, credentials } from '#db/schema.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import { unseal } from '#platform/crypto/seal.ts';
import { MailProblem, storedProblem } from '../problem.ts';

/** What is needed to sign in to an account's servers. @throws MailProblem `account_gone`; UnknownKey, Tampered */
export async function accountSecrets(db: Database, ring: KeyRing, accountId: string) {
  const [row] = await db
    .select({
      imap: accounts.imap,
      smtp: accounts.smtp,
      credentialId: credentials.id,
      ownerId: credentials.ownerId,
      sealed: credentials.sealed,
    })
    .from(accounts)
    .innerJoin(credentials, eq(credentials.id, accounts.credentialId))
    .where(eq(accounts.id, accountId));
  if (row === undefined) throw new MailProblem('account_gone');
  const { imap, smtp, credentialId, ownerId, sealed } = row;
  return {
    imap,
    smtp,
    password: unseal(ring, sealed, { table: 'credentials', id: credentialId, owner: ownerId }),
  };
}

/** The users to be told of what becomes of an account. */
export async function membersOf(db: Database, accountId: string): Promise<string[]> {
  const rows = await db
    .select({ userId: accountMembers.userId })
    .from(accountMembers)
    .where(eq(accountMembers.accountId, accountId));
  return rows.map((row) => row.userId);
}

export type AccountStatus = (typeof accounts.$inferSelect)['status'];

/** How an account stands. */
export interface Standing {
  status: AccountStatus;
  problem: MailProblem | null;
  /** When the servers are tried again, after a failure. */
  retryAt: Date | null;
}

/**
 * Writes how an account stands. What a person has paused stays so.
 * @param fence the lease under which it is written; null: without one
 * @returns whether that is news, which people are to be told
 */
export async function setAccountStatus(
  db: Database,
  accountId: string,
  { status, problem, retryAt }: Standing,
  now: Date,
  fence: number | null = null,
): Promise<boolean> {
  const [before] = await db
    .select({ status: accounts.status, problem: accounts.problem, retryAt: accounts.retryAt })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  if (before === undefined || before.status === 'paused') return false;
  const written = await db
    .update(accounts)
    .set({
      status,
      problem: problem === null ? null : storedProblem(problem.code, problem.detail, now),
      retryAt,
      ...(status === 'active' ? { lastSyncedAt: now } : {}),
    })
    .where(
      and(
        eq(accounts.id, accountId),
        eq(accounts.status, before.status),
        fence === null ? undefined : eq(accounts.leaseFence, fence),
      ),
    )
    .returning({ id: accounts.id });
  if (written.length === 0) return false;
  return (
    before.status !== status ||
    before.problem?.code !== problem?.code ||
    before.retryAt?.getTime() !== retryAt?.getTime()
  );
}
