import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import type { StoredAddress } from '#db/schema.ts';
import { inTransaction, sqlState } from '#db/transactions.ts';
import type { MadeWords, WordMaker, WordsSource } from './word-maker.ts';

/** The rules by which words are made: raised when they change, so that what was indexed by older ones can be told. */
export const indexVersion = 1;

/** Characters of a mail's text that are indexed; each next one is tried where the one before was too much for Postgres. */
const textLengths = [100_000, 20_000, 0] as const;

interface EmailToIndex {
  account_id: string;
  email_id: string;
  subject: string;
  from: StoredAddress[];
  to: StoredAddress[];
  cc: StoredAddress[];
  bcc: StoredAddress[];
  filenames: string[];
  packed: Buffer | null;
}

interface ReadEmail {
  accountId: string;
  emailId: string;
  source: Omit<WordsSource, 'length'>;
}

/**
 * Indexes the words of mails that wait for it, of any account. Any number of workers may do so side by side.
 * @param most how many at once
 * @returns how many there were; less than `most`: nobody else waits
 */
export async function indexEmails(db: Database, maker: WordMaker, most: number): Promise<number> {
  return inTransaction(db, async (tx) => {
    const { rows: waiting } = await tx.execute<{ account_id: string; email_id: string }>(sql`
      delete from emails_to_index where (account_id, email_id) in
        (select account_id, email_id from emails_to_index limit ${most} for update skip locked)
      returning account_id, email_id`);
    if (waiting.length === 0) return 0;
    const { rows } = await tx.execute<EmailToIndex & Record<string, unknown>>(sql`
      select e.account_id, e.id as email_id, e.subject, e."from", e."to", e.cc, e.bcc, b.text as packed,
        array(select a.filename from attachments a where a.account_id = e.account_id and a.email_id = e.id
          order by a.position limit 100) as filenames
      from unnest(${sql.param(waiting.map((row) => row.account_id))}::uuid[],
        ${sql.param(waiting.map((row) => row.email_id))}::uuid[]) as w (account_id, email_id)
      join emails e on e.account_id = w.account_id and e.id = w.email_id
      left join email_bodies b on b.account_id = e.account_id and b.email_id = e.id
      for key share of e`);
    await writeBatch(tx, maker, rows.map(readEmail));
    return waiting.length;
  });
}

function readEmail(row: EmailToIndex): ReadEmail {
  const people = [...row.from, ...row.to, ...row.cc, ...row.bcc];
  return {
    accountId: row.account_id,
    emailId: row.email_id,
    source: {
      subject: row.subject,
      people: people.map(({ name, address }) => `${name} ${address}`).join(' '),
      filenames: row.filenames.join(' '),
      packed: row.packed,
    },
  };
}

type Words = Pick<ReadEmail, 'accountId' | 'emailId'> & MadeWords;

async function wordsOf(maker: WordMaker, email: ReadEmail, length: number): Promise<Words> {
  const { accountId, emailId, source } = email;
  return { accountId, emailId, ...(await maker.makeWords({ ...source, length })) };
}

/** All in one statement; where that fails each alone, cut shorter until it goes in: one mail never holds up another. */
async function writeBatch(tx: Transaction, maker: WordMaker, emails: readonly ReadEmail[]): Promise<void> {
  const [length] = textLengths;
  const failure = await tryWrite(tx, await Promise.all(emails.map((email) => wordsOf(maker, email, length))));
  if (failure === null) return;
  for (const email of emails) await writeAlone(tx, maker, email);
}

async function writeAlone(tx: Transaction, maker: WordMaker, email: ReadEmail): Promise<void> {
  let failure: string | null = null;
  for (const length of textLengths) {
    const words = await wordsOf(maker, email, length);
    const problem = [failure, words.problem].filter((part) => part !== null).join('. ');
    failure = await tryWrite(tx, [{ ...words, problem: problem === '' ? null : problem }]);
    if (failure === null) return;
  }
  await write(tx, [{ ...email, words: new Uint8Array(), problem: failure }]);
}

/** @returns what Postgres said against it, or null */
async function tryWrite(tx: Transaction, words: readonly Words[]): Promise<string | null> {
  try {
    await tx.transaction((inner) => write(inner, words));
    return null;
  } catch (error) {
    // SQLSTATE classes 22 and 54: the words themselves were refused. All else is no fault of theirs.
    if (!/^(?:22|54)/.test(sqlState(error) ?? '')) throw error;
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  let reason = '';
  for (let at = error; at instanceof Error; at = at.cause) reason = at.message;
  return reason.slice(0, 200);
}

async function write(tx: Transaction, words: readonly Words[]): Promise<void> {
  if (words.length === 0) return;
  // A parameter each: as an array the bytes would travel as text, escaped.
  const rows = words.map(
    ({ accountId, emailId, words: vector, problem }) =>
      sql`(${accountId}::uuid, ${emailId}::uuid, ${indexVersion}::int, convert_from(${Buffer.from(vector.buffer)}, 'UTF8')::tsvector, ${problem}::text)`,
  );
  await tx.execute(sql`
    insert into email_words (account_id, email_id, version, words, problem)
    values ${sql.join(rows, sql`, `)}
    on conflict (account_id, email_id) do update
      set version = excluded.version, language = excluded.language, words = excluded.words, problem = excluded.problem`);
}
