import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { mailboxEmails, mailboxes, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { parseEmail } from '../content/parse.ts';
import { createDraft } from '../drafts/create.ts';
import { draftView } from '../drafts/reading.ts';
import { saveDraft } from '../drafts/save.ts';
import { draftContent } from '../drafts/testing.ts';
import { cancelSubmission } from '../outbox/cancel.ts';
import { submitDraft } from '../outbox/submit.ts';
import { atOnce, makeAccount } from '../outbox/testing.ts';
import { receive } from '../sync/testing.ts';
import { identityViews } from './reading.ts';
import { createIdentity, type IdentityContent, removeIdentity, updateIdentity } from './writing.ts';

const db = await testDatabase();
const work: IdentityContent = {
  name: 'Ada at work',
  email: 'ada@work.example',
  label: 'Work',
  replyTo: 'team@work.example',
  bccSelf: true,
  isDefault: false,
  sentMailboxId: null,
  signatures: [
    { id: null, name: 'Short', html: null, text: 'Ada' },
    { id: null, name: 'Long', html: '<p>Ada <b>Lovelace</b></p>', text: 'Ada Lovelace' },
  ],
};

async function account() {
  const made = await makeAccount(db, { smtpPort: 1, password: 'p' });
  const list = async () => identityViews(db, [made.accountId]);
  /** Sends from an identity. @returns what was submitted, and the message as it is read */
  const send = async (identityId: string, more: Parameters<typeof draftContent>[1] = {}) => {
    const { accountId } = made;
    const draft = await createDraft(db, accountId, null);
    const to = [{ name: 'Bob', address: 'bob@example.net' }];
    const content = draftContent(identityId, { to, ...more });
    const { version } = await saveDraft(db, accountId, draft.id, draft.version, content);
    const parts = { db, now: new Date(), attachmentBytes: () => Promise.reject(new Error('None.')) };
    const request = { accountId, draftId: draft.id, version, idempotencyKey: randomUUID(), ...atOnce };
    const { id } = await submitDraft(parts, request);
    const [row] = await db.select().from(submissions).where(eq(submissions.id, id));
    return { row: row!, read: await parseEmail(row!.raw) };
  };
  return { ...made, list, send };
}

describe('an identity', () => {
  it('is kept with its signatures in their order, and changed as a whole', async () => {
    const { accountId, list } = await account();
    const { identityId } = await createIdentity(db, accountId, work);
    const [first, second] = await list();
    expect(first).toMatchObject({ email: 'ada@example.org', isDefault: true, signatures: [] });
    expect(second).toMatchObject({
      ...work,
      id: identityId,
      signatures: [{ name: 'Short' }, { name: 'Long' }],
    });
    const [kept] = second!.signatures.slice(1);
    await updateIdentity(db, accountId, identityId, { ...work, isDefault: true, signatures: [kept!] });
    const [now, other] = await list();
    expect(now).toMatchObject({ id: identityId, isDefault: true, signatures: [kept] });
    expect(other).toMatchObject({ isDefault: false });
  });

  it('is the one default at a time, and a new message is from it', async () => {
    const { accountId, list } = await account();
    const [own] = await list();
    const one = await createIdentity(db, accountId, { ...work, isDefault: true });
    expect((await createDraft(db, accountId, null)).identityId).toBe(one.identityId);
    await createIdentity(db, accountId, { ...work, email: 'b@work.example', isDefault: true });
    expect((await list()).filter(({ isDefault }) => isDefault)).toHaveLength(1);
    await removeIdentity(db, accountId, (await list())[0]!.id);
    await removeIdentity(db, accountId, one.identityId);
    expect((await list()).map(({ id, isDefault }) => [id, isDefault])).toEqual([[own!.id, true]]);
    await expect(removeIdentity(db, accountId, own!.id)).rejects.toMatchObject({ code: 'last_identity' });
    await expect(removeIdentity(db, accountId, randomUUID())).rejects.toMatchObject({ code: 'no_identity' });
  });

  it('answers from the address that the mail came to, in To, Cc or Bcc', async () => {
    const { accountId, inboxId } = await account();
    const { identityId } = await createIdentity(db, accountId, work);
    const me = [{ name: '', address: 'ADA@work.example' }];
    const ada = [{ name: '', address: 'ada@example.org' }];
    for (const [uid, mail] of [{ to: me }, { to: [], cc: me }, { to: [], bcc: me }].entries()) {
      await receive(db, { accountId, mailboxId: inboxId }, [{ uid: uid + 1, ...mail }]);
      const [copy] = await db
        .select()
        .from(mailboxEmails)
        .where(eq(mailboxEmails.uid, uid + 1));
      const draft = await createDraft(db, accountId, { emailId: copy!.emailId, beginning: 'reply' });
      expect(draft.identityId).toBe(identityId);
      await db.delete(mailboxEmails).where(eq(mailboxEmails.id, copy!.id));
    }
    await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 9, to: ada, cc: me }]);
    const [copy] = await db.select().from(mailboxEmails).where(eq(mailboxEmails.uid, 9));
    const draft = await createDraft(db, accountId, { emailId: copy!.emailId, beginning: 'replyAll' });
    expect(draft.cc).toEqual([]);
  });

  it('that is gone leaves what was written as it to the first one, when saved and when taken back', async () => {
    const { accountId, list, send } = await account();
    const { identityId } = await createIdentity(db, accountId, work);
    const draft = await createDraft(db, accountId, null);
    const { row } = await send(identityId);
    await removeIdentity(db, accountId, identityId);
    const [own] = await list();
    await saveDraft(db, accountId, draft.id, draft.version, draftContent(identityId));
    expect(await draftView(db, accountId, draft.id)).toMatchObject({ identityId: own!.id });
    const { draftId } = await cancelSubmission(db, accountId, row.id);
    expect(await draftView(db, accountId, draftId)).toMatchObject({ identityId: own!.id });
  });

  it('says where answers go, copies itself unseen and asks for what the person wants', async () => {
    const { accountId, send } = await account();
    const { identityId } = await createIdentity(db, accountId, work);
    const { row, read } = await send(identityId, {
      requestReceipt: true,
      requestDsn: true,
      requireTls: true,
    });
    expect(read).toMatchObject({
      from: [{ name: 'Ada at work', address: 'ada@work.example' }],
      replyTo: [{ address: 'team@work.example' }],
    });
    expect(row.envelopeTo).toEqual(['bob@example.net', 'ada@work.example']);
    expect(row.messageId).toMatch(/@work\.example$/);
    expect(row).toMatchObject({ requestDsn: true, requireTls: true });
    const raw = row.raw.toString('latin1');
    expect(raw).toContain('Disposition-Notification-To: <ada@work.example>');
    expect(raw).not.toMatch(/^bcc:/im);
    expect(raw.match(/ada@work\.example>/g)?.length).toBe(2);
    const twice = await send(identityId, { cc: [{ name: '', address: 'Ada@Work.example' }] });
    expect(twice.row.envelopeTo).toEqual(['bob@example.net', 'Ada@Work.example']);
  });

  it('files its sent mail where it was told to, and in Sent where that is gone', async () => {
    const { accountId, sentId, send } = await account();
    const elsewhere = { id: randomUUID(), remoteId: 'Work', name: 'Work', state: 0 };
    await db.insert(mailboxes).values({ accountId, ...elsewhere });
    const { identityId } = await createIdentity(db, accountId, { ...work, sentMailboxId: elsewhere.id });
    const mailboxOf = async (emailId: string) => {
      const [copy] = await db.select().from(mailboxEmails).where(eq(mailboxEmails.emailId, emailId));
      return copy!.mailboxId;
    };
    expect(await mailboxOf((await send(identityId)).row.emailId)).toBe(elsewhere.id);
    await db.update(mailboxes).set({ isSelectable: false }).where(eq(mailboxes.id, elsewhere.id));
    expect(await mailboxOf((await send(identityId)).row.emailId)).toBe(sentId);
    expect(await checkConsistency(db, accountId)).toEqual([]);
    const nowhere = { ...work, sentMailboxId: randomUUID() };
    await expect(createIdentity(db, accountId, nowhere)).rejects.toMatchObject({ code: 'mailbox_gone' });
  });
});
