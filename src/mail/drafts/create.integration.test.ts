import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { mailboxEmails, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { parseEmail } from '../content/parse.ts';
import type { ParsedAttachment } from '../content/parsed-email.ts';
import { createIdentity } from '../identities/writing.ts';
import { submitDraft } from '../outbox/submit.ts';
import { atOnce, makeAccount } from '../outbox/testing.ts';
import { receive, type TestMail } from '../sync/testing.ts';
import { attachEmail } from './attachments.ts';
import { type Beginning, createDraft } from './create.ts';
import type { DraftAttachmentRow } from './reading.ts';
import { draftView } from './reading.ts';
import { saveDraft } from './save.ts';
import { draftContent } from './testing.ts';

const db = await testDatabase();

const file = (position: number, more: Partial<ParsedAttachment>): ParsedAttachment => ({
  ...{ position, filename: 'a.bin', mediaType: 'application/octet-stream', size: 3, contentId: null },
  ...{ disposition: 'attachment', content: null, part: null, encoding: null },
  ...more,
});

const mail: TestMail = {
  uid: 1,
  messageId: 'q@example.net',
  references: ['p@example.net'],
  subject: 'Fwd: Lunch',
  from: [{ name: 'Bob', address: 'bob@example.net' }],
  to: [{ name: 'Ada', address: 'ada@example.org' }],
  cc: [{ name: 'Cleo', address: 'cleo@example.net' }],
  text: 'When?',
  html: '<p>When? <img src="cid:pic@x"></p>',
  attachments: [
    file(0, { filename: 'pic.png', mediaType: 'image/png', contentId: 'pic@x', disposition: 'inline' }),
    file(1, { filename: 'menu.pdf', mediaType: 'application/pdf' }),
  ],
};

async function received(more: Partial<TestMail> = {}) {
  const { accountId, inboxId } = await makeAccount(db, { smtpPort: 1, password: 'p' });
  await receive(db, { accountId, mailboxId: inboxId }, [{ ...mail, ...more }]);
  const [copy] = await db
    .select()
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, inboxId)));
  const { emailId } = copy!;
  return {
    accountId,
    emailId,
    begin: (beginning: Beginning) => createDraft(db, accountId, { emailId, beginning }),
    /** Submits a draft as it stands but for its recipient and HTML. @returns what is read of the message */
    async submit(draftId: string, html: string | null, bytesOf: (row: DraftAttachmentRow) => Buffer) {
      const draft = (await draftView(db, accountId, draftId))!;
      const content = draftContent(draft.identityId, {
        ...{ to: [{ name: '', address: 'dan@example.net' }], subject: draft.subject, text: draft.text, html },
      });
      const { version } = await saveDraft(db, accountId, draftId, draft.version, content);
      const parts = {
        db,
        now: new Date(),
        attachmentBytes: async (_account: string, row: DraftAttachmentRow) => bytesOf(row),
      };
      const request = { accountId, draftId, version, idempotencyKey: randomUUID(), ...atOnce };
      const { id } = await submitDraft(parts, request);
      const [row] = await db.select().from(submissions).where(eq(submissions.id, id));
      return { row: row!, read: await parseEmail(row!.raw) };
    },
  };
}

const names = (files: readonly { filename: string }[]) => files.map(({ filename }) => filename).sort();
const abc = () => Buffer.from('abc');

describe('a draft that is begun from a mail', () => {
  it('as an answer has its pictures at hand and sends those that it shows', async () => {
    const { begin, submit } = await received();
    const draft = await begin('reply');
    expect(draft).toMatchObject({ relation: 'reply', subject: 'Re: Lunch', html: null });
    expect(draft.attachments).toMatchObject([
      { filename: 'pic.png', contentId: 'pic@x', disposition: 'inline' },
    ]);
    const shown = await submit(draft.id, '<p>Yes</p><blockquote><img src="cid:pic@x"></blockquote>', abc);
    expect(shown.read).toMatchObject({
      inReplyTo: ['q@example.net'],
      references: ['p@example.net', 'q@example.net'],
      attachments: [{ filename: 'pic.png', contentId: 'pic@x', disposition: 'inline' }],
    });
    const other = await received();
    const plain = await other.submit((await other.begin('replyAll')).id, null, abc);
    expect(plain.read.attachments).toEqual([]);
  });

  it('forwarded takes its files along, and is named without being answered', async () => {
    const { begin, submit } = await received();
    const draft = await begin('forward');
    expect(names(draft.attachments)).toEqual(['menu.pdf', 'pic.png']);
    const { read } = await submit(draft.id, '<p>See <img src="cid:pic@x"></p>', abc);
    expect(names(read.attachments)).toEqual(['menu.pdf', 'pic.png']);
    expect(read).toMatchObject({ inReplyTo: [], references: ['q@example.net'], subject: 'Fwd: Lunch' });
  });

  it('forwarded as an attachment carries it whole, byte for byte', async () => {
    const { accountId, emailId, begin, submit } = await received({ subject: 'Über/Lunch\r\n:*?' });
    const draft = await begin('forwardAsAttachment');
    expect(draft).toMatchObject({
      text: '',
      relation: 'forward',
      attachments: [{ mediaType: 'message/rfc822', isEmail: true }],
    });
    expect(draft.attachments[0]!.filename).toMatch(/^[^/\\:*?\r\n]+\.eml$/);
    await attachEmail(db, accountId, draft.id, emailId);
    const source = Buffer.from('Subject: Gr\xfc\xdfe\r\n\r\nbits \xe4\r\n.\r\n', 'latin1');
    const { row, read } = await submit(draft.id, '<p>Both</p>', () => source);
    expect(read.attachments.map(({ mediaType }) => mediaType)).toEqual(['message/rfc822', 'message/rfc822']);
    for (const { content } of read.attachments) expect(Buffer.from(content!)).toEqual(source);
    expect(row).toMatchObject({ relatedEmailId: emailId, relation: 'forward' });
  });

  it('to be sent anew is the mail itself, with all that was in it and no parent', async () => {
    const { begin, submit } = await received({ from: [{ name: 'Ada', address: 'ada@example.org' }] });
    const draft = await begin('edit');
    expect(draft).toMatchObject({
      ...{ relation: 'edit', subject: 'Fwd: Lunch', text: 'When?', html: mail.html },
      ...{ to: mail.to, cc: mail.cc },
    });
    expect(names(draft.attachments)).toEqual(['menu.pdf', 'pic.png']);
    const { read } = await submit(draft.id, draft.html, abc);
    expect(read).toMatchObject({ inReplyTo: [], references: [] });
    expect(read.messageId).not.toBe('q@example.net');
  });

  it('is from the address that the mail came to, a tag on it aside, else from the default one', async () => {
    const { accountId, begin } = await received({
      to: [{ name: '', address: 'Ada+Lists@work.example' }],
      cc: [],
    });
    const identity = { label: null, replyTo: null, bccSelf: false, sentMailboxId: null, signatures: [] };
    const { identityId } = await createIdentity(db, accountId, {
      ...{ ...identity, name: 'Ada', email: 'ada@work.example', isDefault: false },
    });
    expect((await begin('reply')).identityId).toBe(identityId);
    const { identityId: other } = await createIdentity(db, accountId, {
      ...{ ...identity, name: 'Ada', email: 'ada+lists@work.example', isDefault: false },
    });
    expect((await begin('reply')).identityId).toBe(other);
  });

  it('that is gone is said', async () => {
    const { accountId } = await received();
    const gone = createDraft(db, accountId, { emailId: randomUUID(), beginning: 'reply' });
    await expect(gone).rejects.toMatchObject({ code: 'email_gone' });
  });
});
