import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { people, type StoredAddress, submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { isPlainAddress } from '../outbox/recipients.ts';
import { searchedWords } from './words.ts';

/** That somebody was written to, or wrote. */
export interface Meeting {
  person: StoredAddress;
  kind: 'written' | 'received';
  at: Date;
}

interface Counted {
  key: string;
  address: string;
  name: string;
  written: number;
  writtenAt: Date | null;
  received: number;
  receivedAt: Date | null;
}

const longestName = 200;

function later(one: Date | null, other: Date): Date {
  return one === null || one < other ? other : one;
}

/** What the meetings say of each person, by address; a later name wins over an earlier one, any over none. */
export function countMeetings(meetings: readonly Meeting[]): Counted[] {
  const byAddress = new Map<string, Counted>();
  const inOrder = meetings.toSorted((one, other) => one.at.getTime() - other.at.getTime());
  for (const { person, kind, at } of inOrder) {
    const address = person.address.trim();
    if (!isPlainAddress(address)) continue;
    const key = address.toLowerCase();
    const known = byAddress.get(key) ?? {
      key,
      ...{ address, name: '', written: 0, writtenAt: null, received: 0, receivedAt: null },
    };
    const name = person.name
      .replace(/\p{C}+/gu, ' ')
      .trim()
      .slice(0, longestName);
    const counted =
      kind === 'written'
        ? { written: known.written + 1, writtenAt: later(known.writtenAt, at) }
        : { received: known.received + 1, receivedAt: later(known.receivedAt, at) };
    byAddress.set(key, {
      ...known,
      ...counted,
      address,
      name: name === '' || name === address ? known.name : name,
    });
  }
  return [...byAddress.values()];
}

/** Adds what the meetings say to what is known of these people. */
export async function rememberPeople(
  tx: Transaction,
  accountId: string,
  meetings: readonly Meeting[],
): Promise<void> {
  // In one order, so that two transactions never wait for each other.
  const counted = countMeetings(meetings).sort((one, other) => (one.key < other.key ? -1 : 1));
  if (counted.length === 0) return;
  const column = <T>(of: (person: Counted) => T) => sql.param(counted.map(of));
  await tx.execute(sql`
    insert into people (account_id, key, address, name, words, written_count, last_written_at, received_count,
      last_received_at)
    select ${accountId}, * from unnest(
      ${column(({ key }) => key)}::text[], ${column(({ address }) => address)}::text[],
      ${column(({ name }) => name)}::text[],
      ${column(({ name, address }) => searchedWords(name, address))}::text[],
      ${column(({ written }) => written)}::int[],
      ${column(({ writtenAt }) => writtenAt?.toISOString() ?? null)}::timestamptz[],
      ${column(({ received }) => received)}::int[],
      ${column(({ receivedAt }) => receivedAt?.toISOString() ?? null)}::timestamptz[])
    on conflict (account_id, key) do update set
      address = excluded.address,
      name = case when excluded.name = '' then people.name else excluded.name end,
      words = case when excluded.name = '' then people.words else excluded.words end,
      written_count = people.written_count + excluded.written_count,
      last_written_at = greatest(people.last_written_at, excluded.last_written_at),
      received_count = people.received_count + excluded.received_count,
      last_received_at = greatest(people.last_received_at, excluded.last_received_at)`);
}

/** Forgets somebody, in these accounts. */
export async function forgetPerson(
  db: Database,
  accountIds: readonly string[],
  address: string,
): Promise<void> {
  if (accountIds.length === 0) return;
  await db
    .delete(people)
    .where(and(inArray(people.accountId, [...accountIds]), eq(people.key, address.trim().toLowerCase())));
}

/**
 * Remembers whom a sent submission went to. Safe to run again: that it is to be done is forgotten in the same
 * transaction.
 */
export async function rememberRecipients(
  db: Database,
  accountId: string,
  submissionId: string,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const [row] = await tx
      .update(submissions)
      .set({ isToRemember: false })
      .where(
        and(
          eq(submissions.accountId, accountId),
          eq(submissions.id, submissionId),
          eq(submissions.isToRemember, true),
        ),
      )
      .returning({ draft: submissions.draft, sentAt: submissions.sentAt });
    if (row === undefined || row.sentAt === null) return;
    const { to, cc, bcc } = row.draft;
    const at = row.sentAt;
    const meetings = [...to, ...cc, ...bcc].map((person) => ({ person, kind: 'written' as const, at }));
    await rememberPeople(tx, accountId, meetings);
  });
}
