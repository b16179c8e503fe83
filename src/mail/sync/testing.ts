import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { type KeptEmail, keepEmail } from '../content/kept-email.ts';
import type { ParsedEmail } from '../content/parsed-email.ts';
import { makeAccount } from '../outbox/testing.ts';
import type { IncomingCopy } from './incoming.ts';
import { recogniseMessages } from './recognise.ts';
import { removeVanished } from './remove-vanished.ts';
import { type StoreBatch, storeCopies } from './store-copies.ts';

/** A mail as a test tells it; what it does not tell is filled in. */
export interface TestMail extends Partial<ParsedEmail> {
  uid: number;
  keywords?: string[];
  receivedAt?: Date;
  size?: number;
  remoteId?: string | null;
  remoteThreadId?: string | null;
}

/** A copy as the server has it, with a Message-ID of its own where the test names none. */
export function incomingCopy(mail: TestMail): IncomingCopy {
  const {
    uid,
    keywords = [],
    receivedAt,
    size = 1000,
    remoteId = null,
    remoteThreadId = null,
    ...content
  } = mail;
  return {
    uid,
    modseq: null,
    keywords,
    receivedAt: receivedAt ?? new Date(Date.UTC(2026, 0, 1, 0, 0, uid)),
    size,
    remoteId,
    remoteThreadId,
    content: {
      kind: 'parsed',
      parsed: keptEmail({ subject: content.messageId === undefined ? `Mail ${uid}` : 'Subject', ...content }),
    },
  };
}

function keptEmail(given: Partial<ParsedEmail>): KeptEmail {
  return keepEmail({
    messageId: `${randomUUID()}@test.example`,
    inReplyTo: [],
    references: [],
    subject: 'Subject',
    from: [{ name: 'Bob', address: 'bob@example.net' }],
    sender: null,
    replyTo: [],
    to: [{ name: 'Ada', address: 'ada@example.org' }],
    cc: [],
    bcc: [],
    sentAt: null,
    text: 'Text',
    html: null,
    snippet: 'Text',
    attachments: [],
    listUnsubscribe: null,
    listUnsubscribePost: null,
    authenticationResults: [],
    listId: null,
    calendarMethod: null,
    problem: null,
    ...given,
  });
}

export interface TestMailboxes {
  userId: string;
  accountId: string;
  inboxId: string;
  sentId: string;
}

/** An account with an inbox and a sent mailbox that no worker has ever looked at. */
export function newTestMailboxes(db: Database): Promise<TestMailboxes> {
  return makeAccount(db, { smtpPort: 1, password: 'secret' });
}

/** Stores mails as a sync batch of one mailbox does. @returns the new state */
export function receive(
  db: Database,
  { accountId, mailboxId }: { accountId: string; mailboxId: string },
  mails: readonly TestMail[],
  batch: Partial<StoreBatch> = {},
): Promise<number> {
  const uidValidity = batch.uidValidity ?? 1;
  return storeCopies(db, {
    accountId,
    mailboxId,
    fence: 0,
    uidValidity,
    copies: mails.map(incomingCopy),
    cursor: {
      uidValidity,
      uidNext: Math.max(0, ...mails.map((mail) => mail.uid)) + 1,
      backfillBelow: 1,
      highestModseq: null,
    },
    phase: 'steady',
    ...batch,
  });
}

/** As `receive`, but what is here already is recognised first, as a look at the mailbox does. */
export async function receiveRecognising(
  db: Database,
  { accountId, mailboxId }: { accountId: string; mailboxId: string },
  mails: readonly TestMail[],
  batch: Partial<StoreBatch> = {},
): Promise<{ state: number; recognised: number[] }> {
  const copies = mails.map(incomingCopy);
  const headers = new Map(
    copies.flatMap(({ uid, content }) => (content.kind === 'parsed' ? [[uid, content.parsed]] : [])),
  );
  const found = await recogniseMessages(db, accountId, mailboxId, copies, async (uids) => {
    const asked = new Set(uids);
    return new Map([...headers].filter(([uid]) => asked.has(uid)));
  });
  const state = await receive(db, { accountId, mailboxId }, [], {
    ...batch,
    copies: copies.map((copy) => {
      const recognised = found.get(copy.uid);
      return recognised === undefined ? copy : { ...copy, content: { kind: 'recognised', recognised } };
    }),
  });
  return { state, recognised: [...found.keys()].sort((one, other) => one - other) };
}

/** Takes from a mailbox what a look finds gone from it. */
export async function vanish(
  db: Database,
  { accountId, mailboxId }: { accountId: string; mailboxId: string },
  uids: readonly number[],
  now = new Date(),
): Promise<void> {
  await removeVanished(db, {
    accountId,
    fence: 0,
    mailboxId,
    cursor: { uidValidity: 1, uidNext: 1_000_000, backfillBelow: 1, highestModseq: null },
    remoteCount: -1,
    reported: uids,
    seen: [],
    suspectedSince: null,
    now,
    listUids: async () => {
      const { rows } = await db.execute<{ uid: number }>(sql`
        select uid::float8 as uid from mailbox_emails
        where account_id = ${accountId} and mailbox_id = ${mailboxId} and uid is not null`);
      const gone = new Set(uids);
      return rows.map(({ uid }) => uid).filter((uid) => !gone.has(uid));
    },
  });
}
