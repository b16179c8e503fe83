import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { pendingOperations } from '#db/schema.ts';
import { actOnEmails } from '#mail/actions/act.ts';
import { operationProblems } from '#mail/actions/reading.ts';
import type { EmailAction } from '#mail/views.ts';
import { type LookedAt, lookedAt } from '../../worker/looking-testing.ts';
import { atEnd, otherClient, testDeps, testImapServer } from '../../worker/testing.ts';
import type { Offer } from '../faults/capability-mask.ts';
import { startImapProxy } from '../faults/imap-proxy.ts';

export const deps = await testDeps();
const { db } = deps;

/** A small mail. */
export function mail(subject: string, extra = `Message-ID: <${randomUUID()}@x>\r\n`): string {
  return `From: a@test.example\r\nSubject: ${subject}\r\n${extra}\r\nText of ${subject}\r\n`;
}

/** A looked-at account with these mails in its inbox and an empty mailbox `Target`, on a server that offers so much. */
export async function behind(offer: Offer, mails: readonly string[]) {
  const direct = testImapServer(`u${randomUUID()}`);
  const other = await otherClient(direct);
  await other.mailboxCreate('Target');
  for (const [n, raw] of mails.entries())
    await other.append('INBOX', raw, [], new Date(Date.UTC(2026, 0, 1, 0, n)));
  const proxy = await startImapProxy(direct.server.port, offer);
  atEnd(() => proxy.stop());
  const imap = { ...direct, server: { ...direct.server, port: proxy.port } };
  const account = await lookedAt(deps, imap);
  await account.look();
  return { other, proxy, imap, account };
}

/** What a person does to mails. */
export async function act(
  { accountId }: LookedAt,
  emailIds: readonly string[],
  action: EmailAction,
  mailboxId: string | null = null,
): Promise<void> {
  await actOnEmails(db, { accountId, mailboxId, threadIds: [], emailIds, action });
}

export async function problems({ accountId }: LookedAt) {
  return (await operationProblems(db, [accountId])).get(accountId) ?? [];
}

/** As if the time of what waits had come. */
export async function makeDue({ accountId }: LookedAt): Promise<void> {
  const nextAttemptAt = new Date(0);
  await db.update(pendingOperations).set({ nextAttemptAt }).where(eq(pendingOperations.accountId, accountId));
}

/** The server's word: the subject and flags of each message. */
export async function onServer(client: ImapFlow, path: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const { exists } = await client.mailboxOpen(path, { readOnly: true });
  if (exists > 0) {
    for await (const { envelope, flags } of client.fetch('1:*', { envelope: true, flags: true }))
      found[envelope?.subject ?? ''] = [...(flags ?? [])].filter((flag) => flag !== '\\Recent').sort();
  }
  await client.mailboxClose();
  return found;
}
