import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { drafts, mailboxes, submissions, users } from '#db/schema.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import { createLog } from '#platform/log.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { createAccount } from '../accounts/create-account.ts';
import type { DeliverDeps } from './deliver/deliver.ts';
import { submitDraft } from './submit.ts';

/** How long a claim lasts in tests, in milliseconds. */
export const staleAfter = 60_000;

export const testRing: KeyRing = { current: 'k1', keys: new Map([['k1', Buffer.alloc(32, 7)]]) };

/** What a delivery needs, on loopback and with nobody hearing of it. */
export function deliverDeps(db: Database): DeliverDeps {
  return {
    db,
    ring: testRing,
    policy: createAddressPolicy(['127.0.0.0/8']),
    limits: { connectTimeout: 2000, smtpTimeout: 2000 },
    log: createLog('test', 'silent'),
    now: () => new Date(),
    random: () => 0.5,
    claimLifetime: staleAfter,
    retryDelay: 30_000,
    sendLimit: { count: 100, seconds: 3600 },
  };
}

/** A person with an account whose servers are on loopback. */
export async function makeAccount(
  db: Database,
  { smtpPort, password }: { smtpPort: number; password: string },
): Promise<{ userId: string; accountId: string; sentId: string; inboxId: string }> {
  const userId = randomUUID();
  await db.insert(users).values({
    id: userId,
    email: `${userId}@people.example`,
    name: 'Ada',
    passwordHash: 'none',
  });
  const server = {
    host: '127.0.0.1',
    security: 'none' as const,
    user: 'ada@example.org',
    pinnedFingerprint: null,
  };
  const accountId = await db.transaction((tx) =>
    createAccount(tx, testRing, {
      ownerId: userId,
      address: 'ada@example.org',
      name: 'Ada',
      password,
      imap: { ...server, port: 1 },
      smtp: { ...server, port: smtpPort },
    }),
  );
  const [sentId, inboxId] = [randomUUID(), randomUUID()];
  await db.insert(mailboxes).values([
    { accountId, id: inboxId, remoteId: 'INBOX', name: 'Inbox', role: 'inbox', state: 0 },
    { accountId, id: sentId, remoteId: 'Sent', name: 'Sent', role: 'sent', state: 0 },
  ]);
  return { userId, accountId, sentId, inboxId };
}

export interface TestDraft {
  to?: string[];
  bcc?: string[];
  relatedEmailId?: string;
  relation?: 'reply' | 'forward';
}

/** A person who wants no undo, now, and nothing besides. */
export const atOnce = { undo: 0, later: null, timeZone: null, archiveAfterSending: false };

/** A submission that is due at `now`, made of a draft as the API makes it. */
export async function makeSubmission(
  db: Database,
  accountId: string,
  now: Date,
  { to = ['bob@example.net'], bcc = [], relatedEmailId, relation }: TestDraft = {},
): Promise<string> {
  const [identity] = await db.query.identities.findMany({
    where: (row, { eq: is }) => is(row.accountId, accountId),
  });
  if (identity === undefined) throw new Error('The account has no identity.');
  const draftId = randomUUID();
  const people = (addresses: string[]) => addresses.map((address) => ({ name: '', address }));
  await db.insert(drafts).values({
    accountId,
    id: draftId,
    identityId: identity.id,
    to: people(to),
    cc: [],
    bcc: people(bcc),
    subject: 'Lunch',
    text: 'At noon?\n.\nAda\n',
    relatedEmailId: relatedEmailId ?? null,
    relation: relation ?? null,
    state: 0,
  });
  const parts = { db, now, attachmentBytes: () => Promise.reject(new Error('There are none.')) };
  const view = await submitDraft(parts, {
    accountId,
    draftId,
    version: 1,
    idempotencyKey: randomUUID(),
    ...atOnce,
  });
  return view.id;
}

export async function submissionRow(db: Database, id: string) {
  const [row] = await db.select().from(submissions).where(eq(submissions.id, id));
  if (row === undefined) throw new Error('There is no such submission.');
  return row;
}
