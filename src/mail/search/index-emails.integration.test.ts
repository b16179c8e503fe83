import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { newTestMailboxes, receive, type TestMail } from '../sync/testing.ts';
import { indexEmails } from './index-emails.ts';
import { askToIndex } from './to-index.ts';
import { phraseOf } from './tsvector.ts';
import { makeWords } from './word-maker.ts';

const db = await testDatabase();
const maker = { makeWords };

async function received(mails: readonly TestMail[]): Promise<string> {
  const { accountId, inboxId } = await newTestMailboxes(db);
  await receive(db, { accountId, mailboxId: inboxId }, mails);
  return accountId;
}

async function indexAll(): Promise<void> {
  while ((await indexEmails(db, maker, 3)) > 0);
}

async function found(accountId: string, question: string): Promise<string[]> {
  const { rows } = await db.execute<{ subject: string }>(sql`
    select e.subject from email_words w join emails e on e.account_id = w.account_id and e.id = w.email_id
    where w.account_id = ${accountId} and w.words @@ ${phraseOf(question, false)}::tsquery
    order by e.subject`);
  return rows.map(({ subject }) => subject);
}

async function problems(accountId: string): Promise<(string | null)[]> {
  const { rows } = await db.execute<{ problem: string | null }>(
    sql`select problem from email_words where account_id = ${accountId} order by email_id`,
  );
  return rows.map(({ problem }) => problem);
}

describe('indexing', () => {
  it('finds a mail by subject, people, file name and text, whatever the case and the marks', async () => {
    const accountId = await received([
      { uid: 1, subject: 'Quarterly Résumé', text: 'nothing' },
      { uid: 2, subject: 'Two', text: 'Die Rechnung über 40 € für den ÄRGER' },
      { uid: 3, subject: 'Three', from: [{ name: 'Жанна', address: 'jane.doe@crêpes.example' }] },
      {
        uid: 4,
        subject: 'Four',
        attachments: [
          {
            position: 0,
            filename: 'Lageplan.pdf',
            mediaType: 'application/pdf',
            size: 1,
            contentId: null,
            disposition: 'attachment',
            content: null,
            part: null,
            encoding: null,
          },
        ],
      },
      { uid: 5, subject: 'Five', text: '明日は東京都に行きます' },
    ]);
    await indexAll();
    expect(await found(accountId, 'resume')).toEqual(['Quarterly Résumé']);
    expect(await found(accountId, 'ärger')).toEqual(['Two']);
    expect(await found(accountId, 'arger')).toEqual(['Two']);
    expect(await found(accountId, 'ЖАННА')).toEqual(['Three']);
    expect(await found(accountId, 'doe')).toEqual(['Three']);
    expect(await found(accountId, 'lageplan.pdf')).toEqual(['Four']);
    expect(await found(accountId, '東京')).toEqual(['Five']);
    expect(await found(accountId, '京都に行')).toEqual(['Five']);
    expect(await found(accountId, '都東')).toEqual([]);
    expect(await found(accountId, '京')).toEqual(['Five']);
    expect(await found(accountId, '東京都 行')).toEqual([]);
    expect(await found(accountId, 'ます')).toEqual(['Five']);
    expect(await problems(accountId)).toEqual([null, null, null, null, null]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('goes on past a mail with too many words, and says what of it is found', async () => {
    const words = Array.from({ length: 90_000 }, (_, n) =>
      String.fromCodePoint(0x4e00 + Math.floor(Math.abs(Math.sin(n) * 1e6) % 20_000)),
    ).join('');
    const everybody = Array.from({ length: 3000 }, (_, n) => ({
      name: `${n}${'ж'.repeat(60)}`,
      address: '',
    }));
    const accountId = await received([
      { uid: 1, subject: 'Before', text: 'ordinary' },
      { uid: 2, subject: 'Giant', text: `first ${words}`, to: everybody },
      { uid: 3, subject: 'After', text: 'ordinary' },
    ]);
    await indexAll();
    expect(await found(accountId, 'ordinary')).toEqual(['After', 'Before']);
    expect(await found(accountId, 'first')).toEqual(['Giant']);
    expect((await problems(accountId)).filter((problem) => problem !== null)).toEqual([
      expect.stringMatching(/too long.* Only the first 20000 characters/),
    ]);
  });

  it('marks a mail whose text is damaged, and indexes the rest of it', async () => {
    const accountId = await received([
      { uid: 1, subject: 'Spoilt', text: 'word '.repeat(100) },
      { uid: 2, subject: 'Whole', text: 'word '.repeat(100) },
    ]);
    await db.execute(sql`
      update email_bodies b set text = substring(b.text for 12) from emails e
      where e.account_id = ${accountId} and b.account_id = e.account_id and b.email_id = e.id and e.subject = 'Spoilt'`);
    await indexAll();
    expect(await found(accountId, 'word')).toEqual(['Whole']);
    expect(await found(accountId, 'spoilt')).toEqual(['Spoilt']);
    expect(await problems(accountId)).toContain('Its stored text is damaged');
  });

  it('of several workers at once indexes each mail once', async () => {
    const accountId = await received(Array.from({ length: 40 }, (_, n) => ({ uid: n + 1 })));
    const counts = await Promise.all([1, 2, 3, 4].map(() => indexEmails(db, maker, 10)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(await problems(accountId)).toHaveLength(40);
  });

  it('takes a mail again when it is asked to, and passes over one that has gone', async () => {
    const accountId = await received([{ uid: 1, subject: 'Old' }]);
    await indexAll();
    const { rows } = await db.execute<{ id: string }>(
      sql`update emails set subject = 'New' where account_id = ${accountId} returning id`,
    );
    const ids = rows.map(({ id }) => id);
    await db.transaction((tx) =>
      askToIndex(tx, accountId, [...ids, ...ids, '00000000-0000-7000-8000-000000000000']),
    );
    await indexAll();
    expect(await found(accountId, 'old')).toEqual([]);
    expect(await found(accountId, 'new')).toEqual(['New']);
    expect(await problems(accountId)).toHaveLength(1);
  });
});
