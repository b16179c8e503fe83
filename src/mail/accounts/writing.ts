import { eq, inArray } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { accounts, credentials } from '#db/schema.ts';
import { MailProblem } from '../problem.ts';

/** Colour names that accounts are marked with, in the order in which new ones get them. */
export const accountColors = ['blue', 'green', 'orange', 'pink', 'teal', 'violet', 'red', 'brown'] as const;

/** @throws MailProblem `account_gone` */
export async function updateAccount(
  db: Database,
  accountId: string,
  values: { name?: string; color?: string; pollSeconds?: number | null },
): Promise<void> {
  if (Object.keys(values).length === 0) return;
  const changed = await db
    .update(accounts)
    .set(values)
    .where(eq(accounts.id, accountId))
    .returning({ id: accounts.id });
  if (changed.length === 0) throw new MailProblem('account_gone');
}

/** Removes an account with all its mail and its secret. The server's mail stays as it is. */
export async function removeAccount(db: Database, accountId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const removed = await tx
      .delete(accounts)
      .where(eq(accounts.id, accountId))
      .returning({ credentialId: accounts.credentialId });
    await tx.delete(credentials).where(
      inArray(
        credentials.id,
        removed.map((row) => row.credentialId),
      ),
    );
  });
}
