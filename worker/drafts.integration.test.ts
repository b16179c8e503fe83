import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { accounts, drafts, pendingOperations } from '#db/schema.ts';
import { parseEmail } from '#mail/content/parse.ts';
import {
  addDraftAttachment,
  attachEmail,
  keepFetchedFile,
  removeDraftAttachment,
} from '#mail/drafts/attachments.ts';
import { createDraft } from '#mail/drafts/create.ts';
import { discardDraft, restoreDraft } from '#mail/drafts/discard.ts';
import { draftsElsewhere, openDraftOf } from '#mail/drafts/elsewhere.ts';
import { askForFiling, dueFilings } from '#mail/drafts/filing.ts';
import { draftView, draftViews } from '#mail/drafts/reading.ts';
import { saveDraft } from '#mail/drafts/save.ts';
import { draftContent } from '#mail/drafts/testing.ts';
import { submitDraft } from '#mail/outbox/submit.ts';
import { atOnce } from '#mail/outbox/testing.ts';
import { fetchAttachment, fetchWholeSource } from '#mail/sync/imap/fetch-content.ts';
import { threadView } from '#mail/threads/reading.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { lookedAt } from './looking-testing.ts';
import { otherClient, testDeps, testImapServer } from './testing.ts';

const deps = await testDeps();
const { db, blobs } = deps;
const to = [{ name: 'Bob', address: 'bob@example.net' }];

/** An account whose mailboxes are known, and another program beside Mailroom. */
async function account() {
  const imap = testImapServer(`drafts-${randomUUID()}`);
  const world = await lookedAt(deps, imap);
  await world.look();
  const { accountId } = world;
  await db.update(accounts).set({ status: 'active' }).where(eq(accounts.id, accountId));
  const other = await otherClient(imap);
  return {
    ...world,
    other,
    /** What lies in Drafts on the server. */
    async onServer() {
      await other.mailboxOpen('Drafts');
      const found: { uid: number; flags: string[]; raw: Buffer }[] = [];
      if (other.mailbox !== false && other.mailbox.exists > 0)
        for await (const message of other.fetch('1:*', { source: true, flags: true }))
          found.push({
            uid: message.uid,
            flags: [...(message.flags ?? [])].sort(),
            raw: message.source ?? Buffer.alloc(0),
          });
      return found;
    },
    async write(subject: string) {
      const made = await createDraft(db, accountId, null);
      const content = (more: string) => draftContent(made.identityId, { to, subject, text: more });
      const { version } = await saveDraft(db, accountId, made.id, made.version, content('first words'));
      return { draftId: made.id, version, content };
    },
    /** As a sweep finds and the session carries it out. */
    async file(draftId: string) {
      await askForFiling(db, accountId, draftId);
      await world.carryOut();
    },
    isDue: async () => (await dueFilings(db)).filter((due) => due.accountId === accountId),
  };
}

/** As if the draft was last written in so many seconds ago. */
async function age(draftId: string, seconds: number): Promise<void> {
  await db
    .update(drafts)
    .set({ updatedAt: sql`now() - make_interval(secs => ${seconds})` })
    .where(eq(drafts.id, draftId));
}

describe('a draft', () => {
  it('lies in the mailbox of drafts, its newest version alone, with its blind recipients and files', async () => {
    const { accountId, onServer, write, file, look, carryOut } = await account();
    const { draftId, content } = await write('Plans');
    const blobHash = await blobs.put(accountId, Buffer.from('a file'));
    const { version } = await addDraftAttachment(db, accountId, draftId, {
      ...{ filename: 'a.txt', mediaType: 'text/plain', size: 6, blobHash, disposition: 'attachment' },
    });
    await file(draftId);
    const [first] = await onServer();
    expect(first?.flags).toEqual(['\\Draft', '\\Seen']);
    await look();
    await saveDraft(db, accountId, draftId, version, {
      ...content('second words'),
      bcc: [{ name: '', address: 'eve@example.net' }],
    });
    await file(draftId);
    const [second, ...others] = await onServer();
    expect(others).toEqual([]);
    expect(second?.uid).not.toBe(first?.uid);
    const read = await parseEmail(second!.raw);
    expect(read).toMatchObject({ subject: 'Plans', to, bcc: [{ address: 'eve@example.net' }] });
    expect(read.text).toContain('second words');
    expect(read.attachments).toMatchObject([{ filename: 'a.txt', size: 6 }]);
    // Nothing new: nothing is done.
    await askForFiling(db, accountId, draftId);
    await carryOut();
    expect((await onServer()).map(({ uid }) => uid)).toEqual([second!.uid]);
    await look();
    expect(await draftsElsewhere(db, [accountId])).toEqual([]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('is filed once it rests, and now and then while it is written on; not before, and not twice', async () => {
    const { accountId, write, file, isDue } = await account();
    const { draftId, version, content } = await write('Soon');
    const untouched = await createDraft(db, accountId, null);
    await age(untouched.id, 3600);
    expect(await isDue()).toEqual([]);
    await age(draftId, 9);
    expect(await isDue()).toEqual([{ accountId, draftId }]);
    await askForFiling(db, accountId, draftId);
    expect(await isDue()).toEqual([]);
    await db.execute(sql`delete from pending_operations where account_id = ${accountId}`);
    await file(draftId);
    expect(await isDue()).toEqual([]);
    await saveDraft(db, accountId, draftId, version, content('more'));
    expect(await isDue()).toEqual([]);
    // What is filed is of twenty seconds ago, and somebody is writing still.
    await db.execute(sql`
      update drafts set filed = jsonb_set(filed, '{at}', to_jsonb((filed ->> 'at')::float8 - 21000))
      where id = ${draftId}`);
    expect(await isDue()).toEqual([{ accountId, draftId }]);
  });

  it('is filed anew with a file that came to it, and without one that was taken off', async () => {
    const { accountId, write, file, onServer, isDue } = await account();
    const { draftId } = await write('Files');
    await file(draftId);
    const blobHash = await blobs.put(accountId, Buffer.from('x'));
    /** As once the draft rests: the sweep finds it, and what lies there then. */
    const filed = async () => {
      await db.execute(sql`
        update drafts set filed = jsonb_set(filed, '{at}', to_jsonb((filed ->> 'at')::float8 - 21000))
        where id = ${draftId}`);
      expect(await isDue()).toEqual([{ accountId, draftId }]);
      await file(draftId);
      const [there, ...others] = await onServer();
      expect(others).toEqual([]);
      return (await parseEmail(there!.raw)).attachments.map(({ filename }) => filename);
    };
    const { row } = await addDraftAttachment(db, accountId, draftId, {
      ...{ filename: 'x.txt', mediaType: 'text/plain', size: 1, blobHash, disposition: 'attachment' },
    });
    expect(await filed()).toEqual(['x.txt']);
    await removeDraftAttachment(db, accountId, draftId, row.id);
    expect(await filed()).toEqual([]);
  });

  it('that only holds another mail is filed, and anew once that mail’s bytes are here', async () => {
    const { accountId, other, look, stored, onServer, file, isDue } = await account();
    const raw = Buffer.from('From: a@b.example\r\nSubject: Inner\r\n\r\nInner words\r\n');
    await other.append('INBOX', raw);
    await look();
    const [mail] = await stored();
    const { id: draftId } = await createDraft(db, accountId, null);
    const { row } = await attachEmail(db, accountId, draftId, mail!.emailId);
    await age(draftId, 9);
    expect(await isDue()).toEqual([{ accountId, draftId }]);
    await file(draftId);
    expect((await parseEmail((await onServer())[0]!.raw)).attachments).toEqual([]);
    expect(await isDue()).toEqual([]);
    await keepFetchedFile(db, accountId, row, await blobs.put(accountId, raw));
    await db.execute(sql`
      update drafts set filed = jsonb_set(filed, '{at}', to_jsonb((filed ->> 'at')::float8 - 21000))
      where id = ${draftId}`);
    expect(await isDue()).toEqual([{ accountId, draftId }]);
    await file(draftId);
    const [there, ...others] = await onServer();
    expect(others).toEqual([]);
    expect(there!.raw.toString()).toContain('Inner words');
  });

  it('that answers a mail is no mail of its conversation until it is sent', async () => {
    const { accountId, other, look, stored, file } = await account();
    await other.append('INBOX', Buffer.from('Message-ID: <q@b.example>\r\nSubject: When\r\n\r\nWhen?\r\n'));
    await look();
    const [mail] = await stored();
    const draft = await createDraft(db, accountId, { emailId: mail!.emailId, beginning: 'reply' });
    await saveDraft(
      db,
      accountId,
      draft.id,
      draft.version,
      draftContent(draft.identityId, { subject: 'Re: When' }),
    );
    await file(draft.id);
    await look();
    const [copy] = await stored('Drafts');
    const threadOf = async (emailId: string) =>
      (await db.execute<{ id: string }>(sql`select thread_id as id from emails where id = ${emailId}`))
        .rows[0]!.id;
    const threadId = await threadOf(mail!.emailId);
    expect(await threadOf(copy!.emailId)).toBe(threadId);
    const view = await threadView(db, accountId, threadId);
    expect(view?.emails.map(({ id }) => id)).toEqual([mail!.emailId]);
  });

  it('filed by an attempt whose answer was lost is filed once', async () => {
    const { accountId, onServer, write, file } = await account();
    const { draftId } = await write('Once');
    await file(draftId);
    await db.update(drafts).set({ filed: null }).where(eq(drafts.id, draftId));
    await file(draftId);
    expect(await onServer()).toHaveLength(1);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('filed by an attempt whose answer was lost, and written on since, is filed once; and not at all once it is sent', async () => {
    const { accountId, onServer, write, file, carryOut } = await account();
    const { draftId, version, content } = await write('Once');
    /** As left by a process that died when the server had the copy: nothing of it is committed, its end neither. */
    const lost = async () => {
      await file(draftId);
      await db.update(drafts).set({ filed: null }).where(eq(drafts.id, draftId));
      await askForFiling(db, accountId, draftId);
    };
    await lost();
    const saved = await saveDraft(db, accountId, draftId, version, content('second words'));
    await carryOut();
    const [there, ...others] = await onServer();
    expect(others).toEqual([]);
    expect(there!.raw.toString()).toContain('second words');
    await saveDraft(db, accountId, draftId, saved.version, content('third words'));
    await lost();
    const parts = { db, now: new Date(), attachmentBytes: () => Promise.reject(new Error('None.')) };
    const request = { accountId, draftId, version: saved.version + 1, idempotencyKey: randomUUID() };
    await submitDraft(parts, { ...request, ...atOnce });
    await carryOut();
    expect(await onServer()).toEqual([]);
  });

  it('whose filing was given up, though it came through, leaves the server when it is thrown away', async () => {
    const { accountId, onServer, write, file, carryOut } = await account();
    const { draftId } = await write('Given up');
    await file(draftId);
    await db.update(drafts).set({ filed: null }).where(eq(drafts.id, draftId));
    await askForFiling(db, accountId, draftId);
    await db
      .update(pendingOperations)
      .set({ isSettled: true })
      .where(eq(pendingOperations.accountId, accountId));
    await discardDraft(db, accountId, draftId);
    await carryOut();
    expect(await onServer()).toEqual([]);
  });

  it('that is sent or thrown away leaves the server too, and comes back to it', async () => {
    const { accountId, onServer, write, file, carryOut, look } = await account();
    const { draftId, version } = await write('Gone');
    await file(draftId);
    await look();
    await discardDraft(db, accountId, draftId);
    await carryOut();
    expect(await onServer()).toEqual([]);
    const restored = await restoreDraft(db, accountId, draftId);
    await file(draftId);
    expect(await onServer()).toHaveLength(1);
    const parts = { db, now: new Date(), attachmentBytes: () => Promise.reject(new Error('None.')) };
    await submitDraft(parts, {
      ...{ accountId, draftId, version: restored.version, idempotencyKey: randomUUID() },
      ...atOnce,
    });
    await carryOut();
    expect(await onServer()).toEqual([]);
    expect(restored.version).toBeGreaterThan(version);
    await look();
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('thrown away just while it is filed does not stay behind', async () => {
    const { accountId, onServer, write, carryOut } = await account();
    const { draftId } = await write('Race');
    await askForFiling(db, accountId, draftId);
    await db.execute(sql`
      create or replace function discard_it() returns trigger language plpgsql as $$
      begin
        if new.filed is not null then new.discarded_at := now(); end if;
        return new;
      end $$`);
    await db.execute(
      sql`create trigger discard_it before update on drafts for each row execute function discard_it()`,
    );
    try {
      await carryOut();
    } finally {
      await db.execute(sql`drop trigger discard_it on drafts`);
    }
    await carryOut();
    expect(await onServer()).toEqual([]);
    expect(await draftView(db, accountId, draftId)).toBeNull();
  });
});

describe('a draft that was written in another program', () => {
  const raw = [
    'From: Test <me@test.example>',
    'To: Bob <bob@example.net>',
    'Bcc: eve@example.net',
    'Subject: Begun elsewhere',
    'Message-ID: <elsewhere@test.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'Some words',
    '--b',
    'Content-Type: application/octet-stream; name=x.bin',
    'Content-Disposition: attachment; filename=x.bin',
    'Content-Transfer-Encoding: base64',
    '',
    'AAECAw==',
    '--b--',
    '',
  ].join('\r\n');

  it('is opened here as one draft, and the first saving takes its place on the server', async () => {
    const { accountId, other, look, onServer, file, parts, client } = await account();
    await other.append('Drafts', Buffer.from(raw), ['\\Draft']);
    await look();
    const [found, ...others] = await draftsElsewhere(db, [accountId]);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ subject: 'Begun elsewhere', snippet: 'Some words', to });
    await expect(openDraftOf(db, accountId, found!.emailId)).rejects.toMatchObject({ code: 'not_here_yet' });
    await fetchAttachment({ ...parts, blobs }, client, found!.emailId, 0);
    const opened = await openDraftOf(db, accountId, found!.emailId);
    expect(opened).toMatchObject({
      ...{
        to,
        bcc: [{ address: 'eve@example.net' }],
        subject: 'Begun elsewhere',
        html: null,
        relation: null,
      },
      attachments: [{ filename: 'x.bin', size: 4 }],
    });
    expect(opened.text.trim()).toBe('Some words');
    expect((await openDraftOf(db, accountId, found!.emailId)).id).toBe(opened.id);
    expect(await draftsElsewhere(db, [accountId])).toEqual([]);
    expect((await draftViews(db, [accountId])).map(({ id }) => id)).toEqual([opened.id]);
    await saveDraft(
      db,
      accountId,
      opened.id,
      opened.version,
      draftContent(opened.identityId, { to, subject: 'Ended here', text: 'Other words' }),
    );
    await file(opened.id);
    const [there, ...more] = await onServer();
    expect(more).toEqual([]);
    const read = await parseEmail(there!.raw);
    expect(read).toMatchObject({ subject: 'Ended here', attachments: [{ filename: 'x.bin' }] });
    await look();
    expect(await draftsElsewhere(db, [accountId])).toEqual([]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('is opened by none of its names where it is no draft', async () => {
    const { accountId, other, look, stored } = await account();
    await other.append('INBOX', Buffer.from(raw));
    await look();
    const [mail] = await stored();
    await expect(openDraftOf(db, accountId, mail!.emailId)).rejects.toMatchObject({ code: 'not_a_draft' });
  });
});

it('the source of a mail comes byte for byte, to be attached as a whole', async () => {
  const { accountId, other, look, stored, parts, client } = await account();
  const raw = Buffer.from(
    'From: a@b.example\r\nSubject: Gr\xfc\xdfe\r\n\r\n8 bits: \xe4\xff\r\n.\r\n',
    'latin1',
  );
  await other.append('INBOX', raw);
  await look();
  const [mail] = await stored();
  const hash = await fetchWholeSource({ ...parts, blobs }, client, mail!.emailId);
  expect(await blobs.get(accountId, hash)).toEqual(raw);
});
