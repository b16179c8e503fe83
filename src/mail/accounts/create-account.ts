import { and, eq, sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Queryable, Transaction } from '#db/client.ts';
import { accountMembers, accounts, credentials, identities, type ServerSettings, users } from '#db/schema.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import { seal } from '#platform/crypto/seal.ts';
import { MailProblem } from '../problem.ts';
import { accountColors } from './writing.ts';

export interface NewAccount {
  ownerId: string;
  address: string;
  /** The sender's name; '' for the address's local part. */
  name: string;
  password: string;
  imap: ServerSettings;
  smtp: ServerSettings;
}

/** Whether the user has connected this address already, however it is written. */
export async function hasAccount(db: Queryable, ownerId: string, address: string): Promise<boolean> {
  const rows = await db
    .select({ id: accounts.id })
    .from(accounts)
    .innerJoin(accountMembers, eq(accountMembers.accountId, accounts.id))
    .where(
      and(eq(accountMembers.userId, ownerId), eq(sql`lower(${accounts.address})`, address.toLowerCase())),
    );
  return rows.length > 0;
}

/**
 * Makes an account with its secret, its owner and its first identity: last in the owner's list, in the colour that
 * the list has least of.
 * @returns the account's id
 * @throws MailProblem `already_added`
 */
export async function createAccount(tx: Transaction, ring: KeyRing, account: NewAccount): Promise<string> {
  const { ownerId, address, name, password, imap, smtp } = account;
  // Two setups of one person end one after another: the second sees the first one's account.
  await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('update');
  if (await hasAccount(tx, ownerId, address)) throw new MailProblem('already_added', address);
  const others = await tx
    .select({ color: accounts.color, position: accounts.position })
    .from(accounts)
    .innerJoin(accountMembers, eq(accountMembers.accountId, accounts.id))
    .where(eq(accountMembers.userId, ownerId));
  const accountId = newId();
  const credentialId = newId();
  await tx.insert(credentials).values({
    id: credentialId,
    ownerId,
    kind: 'password',
    sealed: seal(ring, password, { table: 'credentials', id: credentialId, owner: ownerId }),
  });
  await tx.insert(accounts).values({
    id: accountId,
    address,
    name: address,
    color: nextColor(others.map((other) => other.color)),
    position: Math.max(-1, ...others.map((other) => other.position)) + 1,
    protocol: 'imap',
    imap,
    smtp,
    credentialId,
  });
  await tx.insert(accountMembers).values({ accountId, userId: ownerId, role: 'owner' });
  await tx.insert(identities).values({
    accountId,
    id: newId(),
    name: name === '' ? address.slice(0, address.lastIndexOf('@')) : name,
    email: address,
  });
  return accountId;
}

/** The first colour of those that are used least. */
function nextColor(used: readonly string[]): string {
  const counts = accountColors.map((color) => used.filter((other) => other === color).length);
  return accountColors[counts.indexOf(Math.min(...counts))] ?? accountColors[0];
}
