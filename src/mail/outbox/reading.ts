import { and, desc, eq, inArray, isNotNull, ne, or, sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { accounts, deferredDeliveries, emails, submissions } from '#db/schema.ts';
import { problemView } from '../problem.ts';
import type { SubmissionView, SubmissionWait } from '../views.ts';
import { filesSentMail } from './files-sent.ts';

const columns = {
  id: submissions.id,
  accountId: submissions.accountId,
  emailId: submissions.emailId,
  threadId: emails.threadId,
  status: submissions.status,
  subject: submissions.subject,
  to: submissions.envelopeTo,
  sendAt: submissions.sendAt,
  timeZone: submissions.timeZone,
  archiveAfterSending: submissions.archiveAfterSending,
  attempts: submissions.attempts,
  nextAttemptAt: submissions.nextAttemptAt,
  refused: submissions.refused,
  problem: submissions.problem,
  accountStatus: accounts.status,
  isGmail: accounts.isGmail,
  smtp: accounts.smtp,
  deferred: deferredDeliveries.recipients,
  deferredUntil: deferredDeliveries.nextAttemptAt,
};

function select(db: Queryable) {
  return db
    .select(columns)
    .from(submissions)
    .innerJoin(accounts, eq(accounts.id, submissions.accountId))
    .leftJoin(
      deferredDeliveries,
      and(
        eq(deferredDeliveries.accountId, submissions.accountId),
        eq(deferredDeliveries.submissionId, submissions.id),
      ),
    )
    .leftJoin(emails, and(eq(emails.accountId, submissions.accountId), eq(emails.id, submissions.emailId)));
}

type Row = Awaited<ReturnType<typeof select>>[number];

/** An account that waits for a person sends nothing, whatever else its messages wait for. */
const waitsForPerson: Partial<Record<Row['accountStatus'], SubmissionWait>> = {
  needs_password: { for: 'password', until: null },
  paused: { for: 'pause', until: null },
};

/** What to do about a message that may have arrived depends on whether Sent will tell. */
function problemOf({ problem, isGmail, smtp }: Pick<Row, 'problem' | 'isGmail' | 'smtp'>) {
  const view = problemView(problem);
  const isToBeAsked = view?.code === 'connection_lost_after_data' && !filesSentMail({ isGmail, smtp });
  return isToBeAsked ? { ...view, code: 'connection_lost_not_filed' } : view;
}

function waitOf(
  row: Pick<
    Row,
    'status' | 'timeZone' | 'sendAt' | 'deferredUntil' | 'accountStatus' | 'problem' | 'nextAttemptAt'
  >,
  now: Date,
): SubmissionWait | null {
  const isChosen = row.status === 'scheduled' && row.timeZone !== null;
  if (isChosen && row.sendAt > now) return { for: 'time', until: row.sendAt.getTime() };
  const isOpen = row.status === 'scheduled' || row.status === 'queued' || row.deferredUntil !== null;
  const person = waitsForPerson[row.accountStatus];
  if (isOpen && person !== undefined) return person;
  if (row.deferredUntil !== null) return { for: 'retry', until: row.deferredUntil.getTime() };
  if (row.status === 'scheduled') return { for: isChosen ? 'time' : 'undo', until: row.sendAt.getTime() };
  if (row.status !== 'queued' || row.problem === null) return null;
  return { for: row.problem.code === 'send_limit' ? 'limit' : 'retry', until: row.nextAttemptAt.getTime() };
}

function view({ accountStatus, deferredUntil, isGmail, smtp, ...row }: Row): SubmissionView {
  return {
    ...row,
    waiting: waitOf({ accountStatus, deferredUntil, ...row }, new Date()),
    threadId: row.threadId ?? row.emailId,
    sendAt: row.sendAt.getTime(),
    nextAttemptAt: row.nextAttemptAt.getTime(),
    deferred: row.deferred ?? [],
    problem: problemOf({ problem: row.problem, isGmail, smtp }),
  };
}

/** What a list of the outbox is asked for. `failed`: what came to nothing, or of which nobody knows. */
export const outboxStates = ['open', 'scheduled', 'waiting', 'failed'] as const;
export type OutboxState = (typeof outboxStates)[number];

/** Some recipients are still to get what the others have. */
const isDeferred = isNotNull(deferredDeliveries.submissionId);

const statusesOf = {
  scheduled: ['scheduled'],
  waiting: ['queued', 'sending'],
  failed: ['failed', 'unconfirmed'],
} as const;

/** What is on its way, or came to nothing, in these accounts; newest first. */
export async function listSubmissions(
  db: Queryable,
  accountIds: readonly string[],
  state: OutboxState,
): Promise<SubmissionView[]> {
  if (accountIds.length === 0) return [];
  const isOfState =
    state === 'open'
      ? and(
          ne(submissions.status, 'canceled'),
          or(
            ne(submissions.status, 'sent'),
            isNotNull(submissions.problem),
            sql`jsonb_array_length(${submissions.refused}) > 0`,
            isDeferred,
          ),
        )
      : or(inArray(submissions.status, [...statusesOf[state]]), state === 'waiting' ? isDeferred : undefined);
  const rows = await select(db)
    .where(and(inArray(submissions.accountId, [...accountIds]), isOfState))
    .orderBy(desc(submissions.createdAt))
    .limit(200);
  return rows.map(view);
}

export async function submissionView(
  db: Queryable,
  accountId: string,
  submissionId: string,
): Promise<SubmissionView | null> {
  const [row] = await select(db).where(
    and(eq(submissions.accountId, accountId), eq(submissions.id, submissionId)),
  );
  return row === undefined ? null : view(row);
}

/** The submissions of an account that changed after `since`. */
export async function submissionsSince(
  db: Queryable,
  accountId: string,
  since: number,
): Promise<SubmissionView[]> {
  const rows = await select(db).where(
    and(eq(submissions.accountId, accountId), sql`${submissions.state} > ${since}`),
  );
  return rows.map(view);
}

/** The submissions behind these Emails, where there are any that were not taken back. */
export async function submissionsOfEmails(
  db: Queryable,
  accountId: string,
  emailIds: readonly string[],
): Promise<SubmissionView[]> {
  if (emailIds.length === 0) return [];
  const rows = await select(db).where(
    and(
      eq(submissions.accountId, accountId),
      inArray(submissions.emailId, [...emailIds]),
      ne(submissions.status, 'canceled'),
    ),
  );
  return rows.map(view);
}

/** The bytes that went out, of an Email that Mailroom sent; null of any other. */
export async function sentSource(db: Queryable, accountId: string, emailId: string): Promise<Buffer | null> {
  const [row] = await db
    .select({ raw: submissions.raw })
    .from(submissions)
    .where(
      and(
        eq(submissions.accountId, accountId),
        eq(submissions.emailId, emailId),
        ne(submissions.status, 'canceled'),
      ),
    );
  return row?.raw ?? null;
}
