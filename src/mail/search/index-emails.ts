import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import type { StoredAddress } from '#db/schema.ts';
import { inTransaction, sqlState } from '#db/transactions.ts';
import { unpackText } from '../content/packed-text.ts';
import { type IndexedFields, tsvectorOf } from './tsvector.ts';

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

interface Words {
  account_id: string;
  email_id: string;
  words: string;
  problem: string | null;
}

/**
 * Indexes the words of mails that wait for it, of any account. Any number of workers may do so side by side.
 * @param most how many at once
 * @returns how many there were; less than `most`: nobody else waits
 */
export async function indexEmails(db: Database, most: number): Promise<number> {
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
    const emails = await Promise.all(rows.map(readEmail));
    await writeBatch(tx, emails);
    return waiting.length;
  });
}

interface ReadEmail {
  accountId: string;
  emailId: string;
  fields: IndexedFields;
  problem: string | null;
}

async function readEmail(row: EmailToIndex): Promise<ReadEmail> {
  const people = [...row.from, ...row.to, ...row.cc, ...row.bcc];
  const read = (text: string, problem: string | null): ReadEmail => ({
    accountId: row.account_id,
    emailId: row.email_id,
    fields: {
      subject: row.subject,
      people: people.map(({ name, address }) => `${name} ${address}`).join(' '),
      filenames: row.filenames.join(' '),
      text,
    },
    problem,
  });
  try {
    return read(row.packed === null ? '' : await unpackText(row.packed), null);
  } catch {
    return read('', 'Its stored text is damaged');
  }
}

function cutTo(email: ReadEmail, length: number, failure: string | null): Words {
  const { text } = email.fields;
  const isCut = text.length > length;
  const cut = isCut ? `Only the first ${length} characters of its text` : null;
  const problem = [email.problem, failure, cut].filter((part) => part !== null).join('. ');
  return {
    account_id: email.accountId,
    email_id: email.emailId,
    words: tsvectorOf(isCut ? { ...email.fields, text: text.slice(0, length) } : email.fields),
    problem: problem === '' ? null : problem,
  };
}

/** All in one statement; where that fails each alone, cut shorter until it goes in: one mail never holds up another. */
async function writeBatch(tx: Transaction, emails: readonly ReadEmail[]): Promise<void> {
  const [length] = textLengths;
  const failed = await tryWrite(
    tx,
    emails.map((email) => cutTo(email, length, null)),
  );
  if (failed === null) return;
  for (const email of emails) await writeAlone(tx, email);
}

async function writeAlone(tx: Transaction, email: ReadEmail): Promise<void> {
  let failure: string | null = null;
  for (const length of textLengths) {
    failure = await tryWrite(tx, [cutTo(email, length, failure)]);
    if (failure === null) return;
  }
  await write(tx, [{ account_id: email.accountId, email_id: email.emailId, words: '', problem: failure }]);
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
  await tx.execute(sql`
    insert into email_words (account_id, email_id, version, words, problem)
    select account_id, email_id, ${indexVersion}, words::tsvector, problem
    from unnest(${sql.param(words.map((row) => row.account_id))}::uuid[],
      ${sql.param(words.map((row) => row.email_id))}::uuid[], ${sql.param(words.map((row) => row.words))}::text[],
      ${sql.param(words.map((row) => row.problem))}::text[]) as n (account_id, email_id, words, problem)
    on conflict (account_id, email_id) do update
      set version = excluded.version, language = excluded.language, words = excluded.words, problem = excluded.problem`);
}
