import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, createWriteStream, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { unpackText } from '#mail/content/packed-text.ts';
import { fetchAttachment } from '#mail/sync/imap/fetch-content.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { startDovecot } from '../tests/setup/dovecot.ts';
import { lookedAt } from './looking-testing.ts';
import { atEnd, otherClient, testDeps } from './testing.ts';

const deps = await testDeps();
const { db } = deps;
const dovecot = await startDovecot();
atEnd(() => dovecot.stop());

const gigabyte = 1024 ** 3;
/** A line of base64, CRLF included, and the octets that it stands for. */
const line = `${Buffer.alloc(57, 7).toString('base64')}\r\n`;
const lines = Math.ceil((2 * gigabyte) / line.length);
const attachmentBytes = lines * 57;

/** Writes a mail of two gigabytes into a mailbox's folder: a short text and one huge attachment. */
async function deliverHugeMail(user: string): Promise<void> {
  const folder = dovecot.home(user);
  const path = join(folder, 'tmp', '1767225600.huge');
  const file = createWriteStream(path);
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
  ];
  file.write(head.join('\r\n'));
  const linesAtOnce = 100_000;
  const piece = line.repeat(linesAtOnce);
  for (let left = lines; left > 0; left -= linesAtOnce) {
    if (!file.write(left >= linesAtOnce ? piece : line.repeat(left))) await once(file, 'drain');
  }
  file.end('\r\n--b--\r\n');
  await once(file, 'finish');
  const { uid, gid } = statSync(folder);
  chownSync(path, uid, gid);
  renameSync(path, join(folder, 'new', '1767225600.huge'));
}

it('a mail of 2 GB is read by its parts, and its attachment comes piece by piece: memory stays flat', async () => {
  const user = `u${randomUUID()}`;
  const server = {
    host: dovecot.host,
    port: dovecot.port,
    security: 'none' as const,
    user,
    pinnedFingerprint: null,
  };
  const imap = { server, password: dovecot.password };
  // The first sign-in makes the mailbox's folder.
  await (await otherClient(imap)).mailboxOpen('INBOX');
  await deliverHugeMail(user);
  const account = await lookedAt(deps, imap, { commandTimeout: 300_000 });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let highest = before;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 50);
  await account.look();
  const { rows } = await db.execute<{ id: string; text: Buffer; size: number; part: string | null }>(sql`
    select b.email_id as id, b.text, a.size::float8 as size, a.part from email_bodies b
    join attachments a on a.account_id = b.account_id and a.email_id = b.email_id
    where b.account_id = ${account.accountId}`);
  const [row] = rows;
  expect(await unpackText(row?.text ?? Buffer.alloc(0))).toContain('The short text');
  expect(row?.part).toBe('2');
  expect(Math.abs((row?.size ?? 0) / attachmentBytes - 1)).toBeLessThan(0.05);

  const content = {
    db,
    accountId: account.accountId,
    fence: 0,
    limits: account.parts.limits,
    blobs: deps.blobs,
  };
  await fetchAttachment(content, account.client, row?.id ?? '', 0);
  clearInterval(watch);
  const { rows: stored } = await db.execute<{ size: number }>(
    sql`select size::float8 as size from attachments where account_id = ${account.accountId}`,
  );
  expect(stored).toEqual([{ size: attachmentBytes }]);
  expect(highest - before).toBeLessThan(100 * 1024 * 1024);
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});
