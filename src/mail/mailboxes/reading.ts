import { and, eq } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { type MailboxRole, mailboxes } from '#db/schema.ts';
import { MailProblem, problemView } from '../problem.ts';
import type { MailboxView } from '../views.ts';

export type MailboxRow = typeof mailboxes.$inferSelect;

export function mailboxView(row: MailboxRow): MailboxView {
  return {
    id: row.id,
    accountId: row.accountId,
    name: row.name,
    parentId: row.parentId,
    role: row.role,
    isSelectable: row.isSelectable,
    isSubscribed: row.isSubscribed,
    isRoleByHand: row.isRoleByHand,
    emailCount: row.emailCount,
    unreadCount: row.unreadCount,
    remoteCount: row.remoteCount,
    isSynced: row.phase === 'steady',
    lastSyncedAt: row.lastSyncedAt?.getTime() ?? null,
    problem: problemView(row.problem),
  };
}

/** All mailboxes of an account. */
export function mailboxRows(db: Queryable, accountId: string): Promise<MailboxRow[]> {
  return db.select().from(mailboxes).where(eq(mailboxes.accountId, accountId));
}

/** An account's mailbox, or null. */
export async function findMailbox(
  db: Queryable,
  accountId: string,
  mailboxId: string,
): Promise<MailboxRow | null> {
  const [row] = await db
    .select()
    .from(mailboxes)
    .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, mailboxId)));
  return row ?? null;
}

/** An account's mailbox. @throws MailProblem `mailbox_gone` */
export async function existingMailbox(
  db: Queryable,
  accountId: string,
  mailboxId: string,
): Promise<MailboxRow> {
  const row = await findMailbox(db, accountId, mailboxId);
  if (row === null) throw new MailProblem('mailbox_gone');
  return row;
}

/** The roles of mailboxes that a server makes itself and lets nobody change. */
const fixedRoles: ReadonlySet<MailboxRole | null> = new Set(['inbox', 'all', 'flagged']);

/**
 * A mailbox that a person may rename, move, delete or give a role.
 * @throws MailProblem `mailbox_gone`, `mailbox_is_fixed`
 */
export async function changeableMailbox(
  db: Queryable,
  accountId: string,
  mailboxId: string,
): Promise<MailboxRow> {
  const row = await existingMailbox(db, accountId, mailboxId);
  if (fixedRoles.has(row.role)) throw new MailProblem('mailbox_is_fixed', row.name);
  return row;
}

/** The account's mailbox of a role, or null. */
export async function mailboxOfRole(
  db: Queryable,
  accountId: string,
  role: MailboxRole,
): Promise<MailboxRow | null> {
  const [row] = await db
    .select()
    .from(mailboxes)
    .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.role, role)));
  return row ?? null;
}
