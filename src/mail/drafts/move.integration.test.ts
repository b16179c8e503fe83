import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { identities, mailboxEmails, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { parseEmail } from '../content/parse.ts';
import { cancelSubmission } from '../outbox/cancel.ts';
import { submitDraft } from '../outbox/submit.ts';
import { atOnce, makeAccount } from '../outbox/testing.ts';
import { receive } from '../sync/testing.ts';
import { addDraftAttachment } from './attachments.ts';
import { createDraft } from './create.ts';
import { moveDraft } from './move.ts';
import { draftView } from './reading.ts';
import { saveDraft } from './save.ts';
import { draftContent } from './testing.ts';

const db = await testDatabase();

const pdf = {
  ...{ position: 0, filename: 'menu.pdf', mediaType: 'application/pdf', size: 4, contentId: null },
  ...{ disposition: 'attachment' as const, content: null, part: null, encoding: null },
};
const question = {
  ...{ uid: 1, messageId: 'q@example.net', references: ['p@example.net'], subject: 'Lunch' },
  ...{ from: [{ name: 'Bob', address: 'bob@example.net' }], text: 'When?', attachments: [pdf] },
};

async function account(mail: Parameters<typeof receive>[2]) {
  const { accountId, inboxId } = await makeAccount(db, { smtpPort: 1, password: 'p' });
  if (mail.length > 0) await receive(db, { accountId, mailboxId: inboxId }, mail);
  const [identity] = await db.select().from(identities).where(eq(identities.accountId, accountId));
  return { accountId, inboxId, identityId: identity!.id };
}

/** The bytes of each account's files, as their store keeps them. */
function bytes() {
  const kept = new Map<string, Buffer>();
  const key = (accountId: string, hash: string | null) => `${accountId} ${hash}`;
  return {
    keep: async (accountId: string, content: Buffer) => {
      const hash = content.toString('hex');
      kept.set(key(accountId, hash), content);
      return hash;
    },
    attachmentBytes: async (accountId: string, file: { blobHash: string | null; filename: string }) =>
      kept.get(key(accountId, file.blobHash)) ?? Buffer.from(`fetched ${file.filename}`),
  };
}

/** A draft of one account with a pasted picture, begun from Bob's question, and another account to send it from. */
async function setUp(beginning: 'reply' | 'forward', there: Parameters<typeof receive>[2] = []) {
  const from = await account([question]);
  const to = await account(there);
  const [copy] = await db
    .select()
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, from.accountId), eq(mailboxEmails.mailboxId, from.inboxId)));
  const store = bytes();
  const draft = await createDraft(db, from.accountId, { emailId: copy!.emailId, beginning });
  const blobHash = await store.keep(from.accountId, Buffer.from('dot'));
  const picture = { filename: 'dot.png', mediaType: 'image/png', size: 3, blobHash };
  const { row } = await addDraftAttachment(db, from.accountId, draft.id, {
    ...picture,
    disposition: 'inline',
  });
  const html = `<p>So <img src="cid:${row.contentId}"></p>`;
  const content = draftContent(from.identityId, { to: [{ name: '', address: 'dan@example.net' }], html });
  const known = (await draftView(db, from.accountId, draft.id))!.version;
  const { version } = await saveDraft(db, from.accountId, draft.id, known, content);
  const move = { ...from, draftId: draft.id, version, toAccountId: to.accountId, identityId: to.identityId };
  const parts = { db, ...store };
  async function send(view: { accountId: string; id: string; version: number }) {
    const request = { accountId: view.accountId, draftId: view.id, version: view.version };
    const { id } = await submitDraft(
      { db, now: new Date(), attachmentBytes: store.attachmentBytes },
      { ...request, idempotencyKey: randomUUID(), ...atOnce },
    );
    const [sent] = await db.select().from(submissions).where(eq(submissions.id, id));
    return { id, read: await parseEmail(sent!.raw) };
  }
  return { from, to, draft, move, html, send, moved: () => moveDraft(parts, move), parts };
}

describe('a draft that is to be sent from another account', () => {
  it('goes there with its pictures and its place in the thread, also over a taking back', async () => {
    const { from, to, draft, html, moved, send } = await setUp('reply');
    const view = await moved();
    expect(view).toMatchObject({ accountId: to.accountId, html, relation: 'reply', relatedEmailId: null });
    expect(await draftView(db, from.accountId, draft.id)).toBeNull();
    const parent = { inReplyTo: ['q@example.net'], references: ['p@example.net', 'q@example.net'] };
    const first = await send(view);
    expect(first.read).toMatchObject(parent);
    expect(first.read.attachments).toMatchObject([{ filename: 'dot.png', disposition: 'inline' }]);
    await cancelSubmission(db, to.accountId, first.id);
    const again = (await draftView(db, to.accountId, view.id))!;
    expect((await send(again)).read).toMatchObject(parent);
  });

  it('answers the same mail where that came to the other account too', async () => {
    const { moved, send } = await setUp('reply', [{ ...question, references: ['p@example.net'] }]);
    const view = await moved();
    expect(view.relatedEmailId).not.toBeNull();
    expect((await send(view)).read.inReplyTo).toEqual(['q@example.net']);
  });

  it('takes along the files of a forwarded mail, as its own', async () => {
    const { moved, send } = await setUp('forward');
    const { read } = await send(await moved());
    expect(read).toMatchObject({ inReplyTo: [], references: ['q@example.net'] });
    const files = read.attachments.map(({ filename, content }) => [
      filename,
      Buffer.from(content!).toString(),
    ]);
    expect(files.sort()).toEqual([
      ['dot.png', 'dot'],
      ['menu.pdf', 'fetched menu.pdf'],
    ]);
  });

  it('stays where it is while another window has written more, or the identity is nobody’s there', async () => {
    const { from, draft, move, parts } = await setUp('reply');
    const refused = (more: object) => expect(moveDraft(parts, { ...move, ...more })).rejects;
    await refused({ version: move.version - 1 }).toMatchObject({ code: 'version_conflict' });
    await refused({ identityId: from.identityId }).toMatchObject({ code: 'no_identity' });
    expect(await draftView(db, from.accountId, draft.id)).not.toBeNull();
  });
});
