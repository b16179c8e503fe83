import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { attachment, messageProperties, stringProperty, tnef } from '#mail/content/tnef/testing.ts';
import { fetchAttachment } from '#mail/sync/imap/fetch-content.ts';
import { lookedAt } from './looking-testing.ts';
import { otherClient, testDeps, testImapServer } from './testing.ts';

const deps = await testDeps();
const { db, blobs } = deps;

/** MAPI's PR_BODY. */
const body = 0x1000;

it('the text and the files in the winmail.dat of a large mail are found, and come when somebody wants them', async () => {
  const imap = testImapServer(`u${randomUUID()}`);
  const other = await otherClient(imap);
  const pdf = Buffer.alloc(300_000, 'pdf ');
  const winmail = tnef(messageProperties(stringProperty(body, 'Hidden words.')), attachment('plan.pdf', pdf));
  const lines = winmail.toString('base64').replace(/(.{76})/g, '$1\r\n');
  await other.append(
    'INBOX',
    `From: a@test.example\r\nSubject: Plan\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`,
  );
  const account = await lookedAt(deps, imap, { sourceLimit: 100_000 });
  await account.look();
  const [stored] = await account.stored();
  expect(stored).toMatchObject({ status: 'stored', text: 'Hidden words.' });
  const { rows } = await db.execute(sql`
    select filename, media_type, position from attachments where account_id = ${account.accountId}`);
  expect(rows).toEqual([
    { filename: 'plan.pdf', media_type: 'application/pdf', position: expect.any(Number) },
  ]);
  const { accountId, client, parts } = account;
  const position = Number(rows[0]?.position);
  await fetchAttachment({ ...parts, blobs, accountId }, client, stored!.emailId, position);
  const { rows: kept } = await db.execute<{ blob_hash: string }>(sql`
    select blob_hash from attachments where account_id = ${accountId}`);
  expect((await blobs.get(accountId, kept[0]!.blob_hash))?.equals(pdf)).toBe(true);
});
