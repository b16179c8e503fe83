import { and, count, eq, max } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { accounts, identities, signatures } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { findMailbox } from '../mailboxes/reading.ts';
import { MailProblem } from '../problem.ts';

export interface SignatureContent {
  /** Kept where it is given, so that what refers to it still does. */
  id: string | null;
  name: string;
  html: string | null;
  text: string;
}

export interface IdentityContent {
  name: string;
  email: string;
  label: string | null;
  replyTo: string | null;
  bccSelf: boolean;
  isDefault: boolean;
  sentMailboxId: string | null;
  signatures: SignatureContent[];
}

const mostIdentities = 100;

/** @throws MailProblem `account_gone`, `mailbox_gone`, `too_many_identities` */
export async function createIdentity(
  db: Database,
  accountId: string,
  content: IdentityContent,
): Promise<{ identityId: string }> {
  return inTransaction(db, async (tx) => {
    await lockAccount(tx, accountId);
    const [known] = await tx
      .select({ count: count(), last: max(identities.position) })
      .from(identities)
      .where(eq(identities.accountId, accountId));
    if ((known?.count ?? 0) >= mostIdentities) throw new MailProblem('too_many_identities');
    const { signatures: signed, ...columns } = content;
    await beforeWriting(tx, accountId, content);
    const identityId = newId();
    await tx
      .insert(identities)
      .values({ accountId, id: identityId, position: (known?.last ?? -1) + 1, ...columns });
    await writeSignatures(tx, accountId, identityId, signed);
    return { identityId };
  });
}

/** @throws MailProblem `account_gone`, `mailbox_gone`, `no_identity` */
export async function updateIdentity(
  db: Database,
  accountId: string,
  identityId: string,
  content: IdentityContent,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockAccount(tx, accountId);
    await beforeWriting(tx, accountId, content);
    const { signatures: signed, ...columns } = content;
    const changed = await tx
      .update(identities)
      .set(columns)
      .where(and(eq(identities.accountId, accountId), eq(identities.id, identityId)))
      .returning({ id: identities.id });
    if (changed.length === 0) throw new MailProblem('no_identity');
    await writeSignatures(tx, accountId, identityId, signed);
  });
}

/**
 * Drafts that were from it are from the default one when they are sent.
 * @throws MailProblem `account_gone`, `no_identity`, `last_identity`: an account sends as somebody
 */
export async function removeIdentity(db: Database, accountId: string, identityId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockAccount(tx, accountId);
    const rows = await tx
      .select({ id: identities.id })
      .from(identities)
      .where(eq(identities.accountId, accountId));
    if (!rows.some(({ id }) => id === identityId)) throw new MailProblem('no_identity');
    if (rows.length === 1) throw new MailProblem('last_identity');
    await tx
      .delete(identities)
      .where(and(eq(identities.accountId, accountId), eq(identities.id, identityId)));
  });
}

/** Changes of one account's identities are made one after another. */
async function lockAccount(tx: Transaction, accountId: string): Promise<void> {
  const [row] = await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .for('update');
  if (row === undefined) throw new MailProblem('account_gone');
}

async function beforeWriting(tx: Transaction, accountId: string, content: IdentityContent): Promise<void> {
  const { sentMailboxId } = content;
  if (sentMailboxId !== null && (await findMailbox(tx, accountId, sentMailboxId)) === null)
    throw new MailProblem('mailbox_gone');
  if (content.isDefault)
    await tx.update(identities).set({ isDefault: false }).where(eq(identities.accountId, accountId));
}

async function writeSignatures(
  tx: Transaction,
  accountId: string,
  identityId: string,
  signed: readonly SignatureContent[],
): Promise<void> {
  await tx
    .delete(signatures)
    .where(and(eq(signatures.accountId, accountId), eq(signatures.identityId, identityId)));
  if (signed.length === 0) return;
  await tx.insert(signatures).values(
    signed.map(({ id, ...content }, position) => ({
      accountId,
      identityId,
      id: id ?? newId(),
      position,
      ...content,
    })),
  );
}
