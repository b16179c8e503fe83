import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { accounts, submissions } from '#db/schema.ts';
import { MailProblem, problemView } from '../problem.ts';
import type { DeadLetterView } from '../views.ts';

const dead = ['failed', 'unconfirmed'] as const;
const most = 100;

/**
 * What came to nothing in all accounts, the newest first, for who runs the installation: whose account and why, and
 * nothing of what was written or to whom.
 * @param before the id of the last one of the page before; null: the first page
 */
export async function listDeadLetters(db: Queryable, before: string | null): Promise<DeadLetterView[]> {
  const rows = await db
    .select({
      submissionId: submissions.id,
      account: accounts.address,
      status: submissions.status,
      attempts: submissions.attempts,
      recipients: submissions.envelopeTo,
      problem: submissions.problem,
      createdAt: submissions.createdAt,
    })
    .from(submissions)
    .innerJoin(accounts, eq(accounts.id, submissions.accountId))
    .where(
      and(inArray(submissions.status, [...dead]), before === null ? undefined : lt(submissions.id, before)),
    )
    .orderBy(desc(submissions.id))
    .limit(most);
  return rows.flatMap(({ status, recipients, problem, createdAt, ...row }) =>
    status === 'failed' || status === 'unconfirmed'
      ? [
          {
            ...row,
            status,
            recipients: recipients.length,
            // The server's words may name recipients.
            problem: problem === null ? null : problemView({ ...problem, detail: null }),
            createdAt: createdAt.getTime(),
          },
        ]
      : [],
  );
}

/** The account of a submission that came to nothing. @throws MailProblem `too_late` where it stands otherwise */
export async function accountOfDeadLetter(db: Queryable, submissionId: string): Promise<string> {
  const [row] = await db
    .select({ accountId: submissions.accountId })
    .from(submissions)
    .where(and(eq(submissions.id, submissionId), inArray(submissions.status, [...dead])));
  if (row === undefined) throw new MailProblem('too_late');
  return row.accountId;
}
