/**
 * The least that a first sync could do, in one thread: one connection fetches every source, postal-mime parses it,
 * and batches of 200 go by unnest into a bare table with an index of its words. Prints what it cost as JSON.
 */
import { ImapFlow } from 'imapflow';
import pg from 'pg';
import PostalMime, { type Email } from 'postal-mime';

const batchSize = 200;

const database = new pg.Client({ connectionString: process.env.FLOOR_DATABASE });
const client = new ImapFlow({
  host: '127.0.0.1',
  port: Number(process.env.FLOOR_PORT),
  secure: false,
  doSTARTTLS: false,
  auth: { user: process.env.FLOOR_USER ?? '', pass: process.env.FLOOR_PASSWORD ?? '' },
  logger: false,
});

interface Parsed {
  uid: number;
  email: Email;
}

async function insert(batch: readonly Parsed[]): Promise<void> {
  await database.query(
    `insert into mails (uid, message_id, subject, sender, sent_at, text, html, words)
     select uid, message_id, subject, sender, sent_at, text, html, to_tsvector('simple', subject || ' ' || text)
     from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
       as n (uid, message_id, subject, sender, sent_at, text, html)`,
    [
      batch.map(({ uid }) => uid),
      batch.map(({ email }) => email.messageId ?? null),
      batch.map(({ email }) => email.subject ?? ''),
      batch.map(({ email }) => email.from?.address ?? null),
      batch.map(({ email }) => email.date ?? null),
      batch.map(({ email }) => email.text ?? ''),
      batch.map(({ email }) => email.html ?? null),
    ],
  );
}

await database.connect();
await database.query(
  `create table mails (uid bigint primary key, message_id text, subject text, sender text, sent_at timestamptz,
     text text, html text, words tsvector);
   create index on mails using gin (words)`,
);
const began = performance.now();
const cpuBefore = process.cpuUsage();
let parsing = 0;
let storing = 0;
let messages = 0;
let batch: Parsed[] = [];

async function store(): Promise<void> {
  const from = performance.now();
  await insert(batch);
  storing += performance.now() - from;
  batch = [];
}

await client.connect();
await client.mailboxOpen('INBOX', { readOnly: true });
for await (const { uid, source } of client.fetch('1:*', { uid: true, source: true })) {
  if (source === undefined) throw new Error(`UID ${uid} came without its source.`);
  const from = performance.now();
  const email = await PostalMime.parse(source);
  parsing += performance.now() - from;
  batch.push({ uid, email });
  messages += 1;
  if (batch.length === batchSize) await store();
}
if (batch.length > 0) await store();
const wall = performance.now() - began;
const { user, system } = process.cpuUsage(cpuBefore);
await client.logout();
await database.end();
process.stdout.write(
  JSON.stringify({
    messages,
    wallSeconds: wall / 1000,
    cpuSeconds: (user + system) / 1e6,
    fetchSeconds: (wall - parsing - storing) / 1000,
    parseSeconds: parsing / 1000,
    storeSeconds: storing / 1000,
  }),
);
