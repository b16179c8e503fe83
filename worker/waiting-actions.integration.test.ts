import { randomUUID } from 'node:crypto';
import type { ImapFlow } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { actOnEmails } from '#mail/actions/act.ts';
import { operationProblems } from '#mail/actions/reading.ts';
import type { EmailAction } from '#mail/views.ts';
import { checkConsistency } from '#operations/consistency.ts';
import type { Offer } from '../tests/faults/capability-mask.ts';
import { startImapProxy } from '../tests/faults/imap-proxy.ts';
import { type LookedAt, lookedAt } from './looking-testing.ts';
import { atEnd, otherClient, testDeps, testImapServer } from './testing.ts';

const deps = await testDeps();
const { db } = deps;

function mail(subject: string, extra = `Message-ID: <${randomUUID()}@x>\r\n`): string {
  return `From: a@test.example\r\nSubject: ${subject}\r\n${extra}\r\nText of ${subject}\r\n`;
}

/** A looked-at account with these mails in its inbox and an empty mailbox `Target`, on a server that offers so much. */
async function behind(offer: Offer, mails: readonly string[]) {
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
async function act(
  { accountId }: LookedAt,
  emailIds: readonly string[],
  action: EmailAction,
  mailboxId: string | null = null,
): Promise<void> {
  await actOnEmails(db, { accountId, mailboxId, threadIds: [], emailIds, action });
}

async function problems({ accountId }: LookedAt) {
  return (await operationProblems(db, [accountId])).get(accountId) ?? [];
}

/** The server's word: the subject and flags of each message. */
async function onServer(client: ImapFlow, path: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const { exists } = await client.mailboxOpen(path, { readOnly: true });
  if (exists > 0) {
    for await (const { envelope, flags } of client.fetch('1:*', { envelope: true, flags: true }))
      found[envelope?.subject ?? ''] = [...(flags ?? [])].filter((flag) => flag !== '\\Recent').sort();
  }
  await client.mailboxClose();
  return found;
}

describe('what another client has only marked as deleted', () => {
  it.each<Offer>(['qresync', 'plain'])(
    'is not expunged with what a person moves and deletes (%s)',
    async (offer) => {
      const { other, account } = await behind(offer, [mail('moved'), mail('deleted'), mail('marked')]);
      const [moved, gone] = await account.stored();
      const target = await account.mailbox('Target');
      await other.mailboxOpen('INBOX');
      await other.messageFlagsAdd('3', ['\\Deleted', '\\Seen'], { uid: true });
      await other.mailboxOpen('Target');
      await act(account, [moved!.emailId], { kind: 'move', toMailboxId: target.id });
      await act(account, [gone!.emailId], { kind: 'moveToRole', role: 'trash' });
      await account.carryOut();
      expect(await onServer(other, 'INBOX')).toEqual({ marked: ['\\Deleted', '\\Seen'] });
      expect(Object.keys(await onServer(other, 'Target'))).toEqual(['moved']);
      expect(Object.keys(await onServer(other, 'Trash'))).toEqual(['deleted']);
      await other.append('Trash', mail('marked too'), ['\\Deleted']);
      await account.look();
      const trash = await account.mailbox('Trash');
      await act(account, [gone!.emailId], { kind: 'moveToRole', role: 'trash' }, trash.id);
      await account.carryOut();
      expect(Object.keys(await onServer(other, 'Trash'))).toEqual(['marked too']);
      expect(await problems(account)).toEqual([]);
      expect(await checkConsistency(db, account.accountId)).toEqual([]);
    },
  );

  it('keeps its mark where the server refuses to expunge', async () => {
    const { other, proxy, account } = await behind('plain', [mail('moved'), mail('marked')]);
    const [moved] = await account.stored();
    const target = await account.mailbox('Target');
    await other.mailboxOpen('INBOX');
    await other.messageFlagsAdd('2', ['\\Deleted'], { uid: true });
    await other.mailboxOpen('Target');
    await act(account, [moved!.emailId], { kind: 'move', toMailboxId: target.id });
    proxy.onCommand = (name) => (name === 'EXPUNGE' ? 'NO' : null);
    await account.carryOut();
    expect(await onServer(other, 'INBOX')).toMatchObject({ marked: ['\\Deleted'] });
  });
});
