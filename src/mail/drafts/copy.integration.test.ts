import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { identities, mailboxEmails } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { submitDraft } from '../outbox/submit.ts';
import { atOnce, makeAccount } from '../outbox/testing.ts';
import { receive } from '../sync/testing.ts';
import { addDraftAttachment } from './attachments.ts';
import { copyDraft } from './copy.ts';
import { createDraft } from './create.ts';
import { discardDraft } from './discard.ts';
import { draftContent } from './testing.ts';

const db = await testDatabase();

/** An answer with a file, and the words that somebody writes on with. */
async function setUp() {
  const { accountId, inboxId } = await makeAccount(db, { smtpPort: 1, password: 'p' });
  const from = [{ name: 'Bob', address: 'bob@example.net' }];
  await receive(db, { accountId, mailboxId: inboxId }, [
    { uid: 1, messageId: 'q@example.net', subject: 'Lunch', from, text: 'When?' },
  ]);
  const [copy] = await db
    .select()
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, inboxId)));
  const [identity] = await db.select().from(identities).where(eq(identities.accountId, accountId));
  const draft = await createDraft(db, accountId, { emailId: copy!.emailId, beginning: 'reply' });
  const { version } = await addDraftAttachment(db, accountId, draft.id, {
    ...{ filename: 'plan.txt', mediaType: 'text/plain', size: 5, blobHash: 'a'.repeat(64) },
    disposition: 'attachment',
  });
  const words = draftContent(identity!.id, { text: 'Written on' });
  const expected = {
    ...{ text: 'Written on', relation: 'reply', relatedEmailId: copy!.emailId },
    attachments: [{ filename: 'plan.txt' }],
  };
  return { accountId, draftId: draft.id, version, words, expected };
}

describe('a draft that is gone, whose words are kept as a new one', () => {
  it('has the files and the thread of the one that was discarded', async () => {
    const { accountId, draftId, words, expected } = await setUp();
    await discardDraft(db, accountId, draftId);
    const view = await copyDraft(db, accountId, draftId, words);
    expect(view.id).not.toBe(draftId);
    expect(view).toMatchObject(expected);
  });

  it('has the files and the thread of the one that was sent', async () => {
    const { accountId, draftId, version, words, expected } = await setUp();
    const attachmentBytes = async () => Buffer.from('words');
    await submitDraft(
      { db, now: new Date(), attachmentBytes },
      { accountId, draftId, version, idempotencyKey: randomUUID(), ...atOnce },
    );
    expect(await copyDraft(db, accountId, draftId, words)).toMatchObject(expected);
  });

  it('is not made of one that nothing is known of', async () => {
    const { accountId, words } = await setUp();
    await expect(copyDraft(db, accountId, randomUUID(), words)).rejects.toMatchObject({ code: 'draft_gone' });
  });
});
