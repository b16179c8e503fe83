import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { accountMembers, accounts, mailboxes } from '#db/schema.ts';
import { operationProblems, waitingOperations } from '../actions/reading.ts';
import { identityViews } from '../identities/reading.ts';
import { mailboxView } from '../mailboxes/reading.ts';
import { MailProblem, problemView } from '../problem.ts';
import type { AccountServersView, AccountView, MailboxView } from '../views.ts';

/** Whether the user may use the account. */
export async function isMember(db: Queryable, accountId: string, userId: string): Promise<boolean> {
  const rows = await db
    .select({ role: accountMembers.role })
    .from(accountMembers)
    .where(and(eq(accountMembers.accountId, accountId), eq(accountMembers.userId, userId)));
  return rows.length > 0;
}

/** The ids of the accounts that a user may use. */
export async function accountIdsOf(db: Queryable, userId: string): Promise<string[]> {
  const rows = await db
    .select({ id: accountMembers.accountId })
    .from(accountMembers)
    .where(eq(accountMembers.userId, userId));
  return rows.map((row) => row.id);
}

/** A user's accounts in the order that the user gave them, with their mailboxes and identities. */
export async function accountViews(db: Queryable, userId: string): Promise<AccountView[]> {
  const ids = await accountIdsOf(db, userId);
  if (ids.length === 0) return [];
  const [rows, boxes, names, waiting, problems] = await Promise.all([
    db
      .select()
      .from(accounts)
      .where(inArray(accounts.id, ids))
      .orderBy(asc(accounts.position), asc(accounts.id)),
    db.select().from(mailboxes).where(inArray(mailboxes.accountId, ids)),
    identityViews(db, ids),
    waitingOperations(db, ids),
    operationProblems(db, ids),
  ]);
  return rows.map((account) => {
    const own = boxes.filter((box) => box.accountId === account.id).map(mailboxView);
    return {
      id: account.id,
      address: account.address,
      name: account.name,
      color: account.color,
      status: account.status,
      problem: problemView(account.problem),
      state: account.state,
      lastSyncedAt: account.lastSyncedAt?.getTime() ?? null,
      retryAt: account.retryAt?.getTime() ?? null,
      liveBy: account.liveBy,
      pollSeconds: account.pollSeconds,
      quota: account.quota,
      waitingOperations: waiting.get(account.id) ?? 0,
      operationProblems: problems.get(account.id) ?? [],
      progress: progressOf(own),
      mailboxes: own,
      identities: names
        .filter((identity) => identity.accountId === account.id)
        .map(({ accountId: _account, ...identity }) => identity),
    };
  });
}

function progressOf(own: readonly MailboxView[]): AccountView['progress'] {
  const selectable = own.filter((mailbox) => mailbox.isSelectable);
  // A new account's counts come one by one, the inbox's first: what is known so far is said at once.
  const isKnown = selectable.some((mailbox) => mailbox.remoteCount !== null);
  return {
    stored: selectable.reduce((sum, mailbox) => sum + mailbox.emailCount, 0),
    total: isKnown
      ? selectable.reduce((sum, mailbox) => sum + (mailbox.remoteCount ?? mailbox.emailCount), 0)
      : null,
  };
}

/** Where an account's servers are. @throws MailProblem `account_gone` */
export async function accountServers(db: Queryable, accountId: string): Promise<AccountServersView> {
  const [row] = await db
    .select({ imap: accounts.imap, smtp: accounts.smtp })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  if (row === undefined) throw new MailProblem('account_gone');
  return row;
}

/** @throws MailProblem `account_gone` */
export async function accountState(db: Queryable, accountId: string): Promise<number> {
  const [row] = await db.select({ state: accounts.state }).from(accounts).where(eq(accounts.id, accountId));
  if (row === undefined) throw new MailProblem('account_gone');
  return row.state;
}
