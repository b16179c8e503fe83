import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { unpackText } from '#mail/content/packed-text.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { Supervisor } from './supervisor.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps();
const { db } = deps;
const supervisor = new Supervisor(deps);
atEnd(() => supervisor.stop());

const attachmentBytes = 200 * 1024 * 1024;

/** A mail with a short text and one huge attachment. */
function hugeMail(): Buffer {
  const line = `${Buffer.alloc(57, 7).toString('base64')}\r\n`;
  const head = [
    'From: s@test.example',
    'Subject: Huge',
    `Message-ID: <${randomUUID()}@x>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'The short text of a huge mail.',
    '--b',
    'Content-Type: application/octet-stream; name=huge.bin',
    'Content-Disposition: attachment; filename=huge.bin',
    'Content-Transfer-Encoding: base64',
    '',
    '',
  ].join('\r\n');
  const body = Buffer.alloc(Math.floor(attachmentBytes / 57) * line.length, line);
  return Buffer.concat([Buffer.from(head), body, Buffer.from('\r\n--b--\r\n')]);
}

it('a mail of 270 MB is read by its parts: its text is here, its attachment is described, and memory stays flat', async () => {
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  await client.append('INBOX', hugeMail());
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let highest = before;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 50);
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.start();
  const stored = async () => {
    const { rows } = await db.execute<{ text: Buffer; size: number; part: string | null }>(sql`
      select b.text, a.size::float8 as size, a.part from email_bodies b
      join attachments a on a.account_id = b.account_id and a.email_id = b.email_id
      where b.account_id = ${accountId}`);
    return rows;
  };
  const [row] = await until(stored, (rows) => rows.length === 1, 60_000);
  clearInterval(watch);
  expect(await unpackText(row?.text ?? Buffer.alloc(0))).toContain('The short text');
  expect(row?.part).toBe('2');
  expect(Math.abs((row?.size ?? 0) / attachmentBytes - 1)).toBeLessThan(0.05);
  expect(highest - before).toBeLessThan(100 * 1024 * 1024);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});
