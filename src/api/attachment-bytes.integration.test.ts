import { and, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { attachments, draftAttachments, mailboxEmails } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { createDraft } from '#mail/drafts/create.ts';
import type { AccountQuestion } from '#mail/notify.ts';
import { makeAccount, makeSubmission } from '#mail/outbox/testing.ts';
import { receive } from '#mail/sync/testing.ts';
import { attachmentBytes, prefetchFiles } from './attachment-bytes.ts';
import { testServices } from './testing.ts';

const db = await testDatabase();
const { blobs: _every, ...services } = testServices(db);
const source = Buffer.from('Subject: whole\r\n\r\n\xff\r\n', 'latin1');

/** A web process whose worker has mails and files, with a list of what it was asked for. */
function web(answer: 'answers' | 'is away') {
  const kept = new Map<string, Buffer>();
  const asked: AccountQuestion[] = [];
  const put = async (_account: string, bytes: Uint8Array) => {
    const hash = `${kept.size}`.padStart(64, '0');
    kept.set(hash, Buffer.from(bytes));
    return hash;
  };
  const ctx = {
    ...services,
    blobs: {
      put,
      putStream: () => Promise.reject(new Error('not here')),
      get: async (_account: string, hash: string) => kept.get(hash) ?? null,
      open: async () => null,
      removeAccount: async () => undefined,
    },
    messages: {
      ...services.messages,
      async ask(topic: string, question: AccountQuestion) {
        asked.push(question);
        if (answer === 'is away') return { ok: false, code: 'not_here_yet', detail: null };
        if (question.kind === 'source') return { ok: true, hash: await put('', source) };
        const accountId = topic.slice('asked.'.length);
        const blobHash = await put(accountId, Buffer.from('file'));
        await db.update(attachments).set({ blobHash }).where(eq(attachments.accountId, accountId));
        return { ok: true };
      },
    },
  };
  return { ctx, asked, kept };
}

async function forwarding(beginning: 'forward' | 'forwardAsAttachment') {
  const { accountId, inboxId } = await makeAccount(db, { smtpPort: 1, password: 'p' });
  await receive(db, { accountId, mailboxId: inboxId }, [
    {
      uid: 1,
      attachments: [
        {
          ...{ position: 0, filename: 'a.bin', mediaType: 'a/b', size: 4, contentId: null },
          ...{ disposition: 'attachment', content: null, part: null, encoding: null },
        },
      ],
    },
  ]);
  const [copy] = await db
    .select()
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, inboxId)));
  const draft = await createDraft(db, accountId, { emailId: copy!.emailId, beginning });
  const file = async () => {
    const [row] = await db.select().from(draftAttachments).where(eq(draftAttachments.draftId, draft.id));
    return row!;
  };
  return { accountId, draftId: draft.id, file };
}

it.each([
  ['forward', Buffer.from('file')],
  ['forwardAsAttachment', source],
] as const)('what a %s takes along is fetched while it is written, once', async (beginning, bytes) => {
  const { accountId, draftId, file } = await forwarding(beginning);
  const { ctx, asked } = web('answers');
  prefetchFiles(ctx, accountId, draftId);
  await expect.poll(async () => (await file()).blobHash).not.toBeNull();
  expect(asked).toHaveLength(1);
  expect(await attachmentBytes(ctx)(accountId, await file())).toEqual(bytes);
  expect(asked).toHaveLength(1);
});

it('what could not be fetched is asked for again when the message is sent, and said', async () => {
  const { accountId, file } = await forwarding('forwardAsAttachment');
  const away = web('is away');
  await expect(attachmentBytes(away.ctx)(accountId, await file())).rejects.toMatchObject({
    code: 'not_here_yet',
  });
  const back = web('answers');
  expect(await attachmentBytes(back.ctx)(accountId, await file())).toEqual(source);
});

it('of a mail that Mailroom sent, the bytes that went out are taken, and nobody is asked', async () => {
  const { accountId } = await makeAccount(db, { smtpPort: 1, password: 'p' });
  await makeSubmission(db, accountId, new Date());
  const [copy] = await db.select().from(mailboxEmails).where(eq(mailboxEmails.accountId, accountId));
  await createDraft(db, accountId, { emailId: copy!.emailId, beginning: 'forwardAsAttachment' });
  const [row] = await db.select().from(draftAttachments).where(eq(draftAttachments.accountId, accountId));
  const { ctx, asked } = web('is away');
  const bytes = await attachmentBytes(ctx)(accountId, row!);
  expect(bytes.toString()).toContain('Subject: Lunch');
  expect(asked).toEqual([]);
});
