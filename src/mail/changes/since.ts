import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import {
  accounts,
  drafts,
  emails,
  mailboxEmails,
  mailboxes,
  mailboxThreads,
  threads,
  tombstones,
} from '#db/schema.ts';
import { isKept } from '../drafts/reading.ts';
import { mailboxView } from '../mailboxes/reading.ts';
import { submissionsSince } from '../outbox/reading.ts';
import { MailProblem } from '../problem.ts';
import type { ChangesView } from '../views.ts';

/** More changed rows than this, and loading anew is the cheaper answer. */
const mostChanges = 2000;

/**
 * What has changed in an account since a state, of all types at once (RFC 8620 §5.2, in one call).
 * All is read in one snapshot, so that what is told belongs to the `newState` told with it.
 * @throws MailProblem `account_gone`
 */
export async function changesSince(db: Database, accountId: string, since: number): Promise<ChangesView> {
  return db.transaction(
    async (tx) => {
      const [account] = await tx
        .select({ state: accounts.state, oldestState: accounts.oldestState })
        .from(accounts)
        .where(eq(accounts.id, accountId));
      if (account === undefined) throw new MailProblem('account_gone');
      const answer: ChangesView = {
        accountId,
        oldState: since,
        newState: account.state,
        cannotCalculateChanges: false,
        mailboxes: [],
        listMailboxIds: [],
        threadIds: [],
        emailIds: [],
        draftIds: [],
        submissions: [],
        destroyed: [],
      };
      if (since === account.state) return answer;
      if (since < account.oldestState || since > account.state)
        return { ...answer, cannotCalculateChanges: true };
      const later = (
        table:
          | typeof mailboxes
          | typeof mailboxThreads
          | typeof mailboxEmails
          | typeof emails
          | typeof threads
          | typeof drafts
          | typeof tombstones,
      ) => and(eq(table.accountId, accountId), sql`${table.state} > ${since}`);
      const boxes = await tx.select().from(mailboxes).where(later(mailboxes));
      const lists = await tx
        .select({ mailboxId: mailboxThreads.mailboxId, threadId: mailboxThreads.threadId })
        .from(mailboxThreads)
        .where(later(mailboxThreads))
        .limit(mostChanges + 1);
      const copies = await tx
        .select({
          emailId: mailboxEmails.emailId,
          threadId: mailboxEmails.threadId,
          mailboxId: mailboxEmails.mailboxId,
        })
        .from(mailboxEmails)
        .where(later(mailboxEmails))
        .limit(mostChanges + 1);
      const mails = await tx
        .select({ id: emails.id, threadId: emails.threadId })
        .from(emails)
        .where(later(emails))
        .limit(mostChanges + 1);
      const merged = await tx
        .select({ id: threads.id })
        .from(threads)
        .where(later(threads))
        .limit(mostChanges + 1);
      const written = await tx
        .select({ id: drafts.id })
        .from(drafts)
        .where(and(later(drafts), isKept));
      const gone = await tx
        .select({ kind: tombstones.kind, id: tombstones.id })
        .from(tombstones)
        .where(later(tombstones))
        .limit(mostChanges + 1);
      if ([lists, copies, mails, merged, gone].some((rows) => rows.length > mostChanges)) {
        return { ...answer, mailboxes: boxes.map(mailboxView), cannotCalculateChanges: true };
      }
      const goneLists = gone
        .filter(({ kind }) => kind === 'mailbox_thread')
        .map(({ id }) => id.split('/')[0] ?? '');
      return {
        ...answer,
        mailboxes: boxes.map(mailboxView),
        listMailboxIds: unique([
          ...lists.map((row) => row.mailboxId),
          ...copies.map((row) => row.mailboxId),
          ...goneLists,
        ]),
        threadIds: unique([
          ...lists.map((row) => row.threadId),
          ...copies.map((row) => row.threadId),
          ...mails.map((row) => row.threadId),
          ...merged.map((row) => row.id),
        ]),
        emailIds: unique([...copies.map((row) => row.emailId), ...mails.map((row) => row.id)]),
        draftIds: written.map((row) => row.id),
        submissions: await submissionsSince(tx, accountId, since),
        destroyed: gone,
      };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
