import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { startDemoMail } from '../scripts/demo-mail/demo-mail-server.ts';
import { processSync } from './queues/sync.ts';
import { Supervisor } from './supervisor.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const corpus = process.env.MAIL_CORPUS;

const deps = await testDeps({ IMAP_COMMAND_TIMEOUT: '3000' });
const { db } = deps;
const supervisor = new Supervisor(deps);
deps.queues.work('sync', 3, (payload) => processSync(deps, supervisor, payload));
await supervisor.start();
atEnd(() => supervisor.stop());

function mails(): Buffer[] {
  return readdirSync(corpus ?? '', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => readFileSync(join(corpus ?? '', name)));
}

/** Appends the corpus to a mailbox of its own, syncs it, and gives what is stored. */
async function syncCorpus(imap: ReturnType<typeof testImapServer>) {
  const client = await otherClient(imap);
  await client.mailboxCreate('Corpus');
  let held = 0;
  for (const source of mails()) {
    const answer = await client.append('Corpus', source, [], new Date(Date.UTC(2026, 8, 1, 0, held)));
    if (answer !== false) held += 1;
  }
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  const stored = async () => {
    const { rows } = await db.execute<{ status: string; problem: string | null; has_body: boolean }>(sql`
      select e.body_status as status, e.body_problem as problem, b.email_id is not null as has_body
      from mailbox_emails c
      join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
      join emails e on e.account_id = c.account_id and e.id = c.email_id
      left join email_bodies b on b.account_id = e.account_id and b.email_id = e.id
      where c.account_id = ${accountId} and m.remote_id = 'Corpus'`);
    return rows;
  };
  const rows = await until(stored, (seen) => seen.length >= held, 60_000);
  expect(rows).toHaveLength(held);
  expect(await checkConsistency(db, accountId)).toEqual([]);
  return { rows, held };
}

it.skipIf(corpus === undefined)(
  'every mail of the corpus is stored from Dovecot',
  { timeout: 90_000 },
  async () => {
    const { rows, held } = await syncCorpus(testImapServer(`u${randomUUID()}`));
    expect(held).toBeGreaterThan(100);
    expect(rows.filter((row) => row.status !== 'stored' || !row.has_body)).toEqual([]);
  },
);

it.skipIf(corpus === undefined)(
  'from a server that never answers for some of them, these are said and the others are stored',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailroom-corpus-'));
    const mail = await startDemoMail({ folder });
    atEnd(async () => {
      await mail.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const [account] = mail.accounts;
    if (account === undefined) throw new Error('The demo has no account.');
    const server = {
      ...mail.imap,
      security: 'none' as const,
      user: account.address,
      pinnedFingerprint: null,
    };
    const { rows, held } = await syncCorpus({ server, password: account.password });
    expect(held).toBeGreaterThan(100);
    const failed = rows.filter((row) => row.status !== 'stored');
    expect(failed.length).toBeLessThanOrEqual(2);
    for (const row of failed) expect(row).toMatchObject({ status: 'failed', problem: 'fetch_timeout' });
  },
);
