import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { accounts, credentials, type ServerSettings } from '#db/schema.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import { seal } from '#platform/crypto/seal.ts';
import { MailProblem } from '../problem.ts';

export interface ReplacedServers {
  accountId: string;
  /** Null: the stored one stays. */
  password: string | null;
  imap: ServerSettings;
  smtp: ServerSettings;
}

/**
 * Gives an account other servers and another password, which have been tried. Its lease is taken from whoever holds
 * it: that worker's session ends, having the old ones, and the next look of any worker takes the account up.
 * @throws MailProblem `account_gone`
 */
export async function replaceServers(
  tx: Transaction,
  ring: KeyRing,
  { accountId, password, imap, smtp }: ReplacedServers,
): Promise<void> {
  const [account] = await tx
    .update(accounts)
    .set({
      imap,
      smtp,
      // Who has paused it resumes it.
      status: sql`case when ${accounts.status} = 'paused' then 'paused' else 'connecting' end`,
      problem: null,
      retryAt: null,
      leaseHolder: null,
      leaseExpiresAt: null,
      // What the old session still has to say of the old password counts no more.
      leaseFence: sql`${accounts.leaseFence} + 1`,
    })
    .where(eq(accounts.id, accountId))
    .returning({ credentialId: accounts.credentialId });
  if (account === undefined) throw new MailProblem('account_gone');
  if (password === null) return;
  const id = account.credentialId;
  const [credential] = await tx
    .select({ ownerId: credentials.ownerId })
    .from(credentials)
    .where(eq(credentials.id, id));
  if (credential === undefined) throw new MailProblem('account_gone');
  const sealed = seal(ring, password, { table: 'credentials', id, owner: credential.ownerId });
  await tx.update(credentials).set({ sealed }).where(eq(credentials.id, id));
}

/**
 * Whether the password must be typed again for these servers: a stored one goes nowhere but where it was given for, and
 * by no weaker way.
 */
export function needsPassword(
  stored: { imap: ServerSettings; smtp: ServerSettings },
  wanted: { imap: ServerSettings; smtp: ServerSettings },
): boolean {
  return (['imap', 'smtp'] as const).some((kind) => {
    const [before, after] = [stored[kind], wanted[kind]];
    return (
      before.host.toLowerCase() !== after.host.toLowerCase() ||
      (before.security !== after.security && after.security === 'none') ||
      (after.pinnedFingerprint !== null && after.pinnedFingerprint !== before.pinnedFingerprint)
    );
  });
}
