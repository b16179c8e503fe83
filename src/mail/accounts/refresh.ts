import { inArray } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { accounts } from '#db/schema.ts';
import type { Messages } from '#platform/messages.ts';
import { askWorker } from '../ask.ts';
import { MailProblem, problemView, storedProblem } from '../problem.ts';
import type { RefreshedAccount } from '../views.ts';

export interface RefreshParts {
  db: Database;
  messages: Messages;
  now(): Date;
  /** Null where the account may be asked now, else when it may. */
  until(accountId: string): Promise<Date | null>;
}

type Account = Pick<typeof accounts.$inferSelect, 'id' | 'status' | 'problem'>;

/**
 * Looks for new mail of all these accounts, side by side, each within a time of its own: what one server does, or does
 * not, keeps nobody else waiting longer than that. Every failure is that account's answer.
 */
export async function refreshAccounts(
  parts: RefreshParts,
  accountIds: readonly string[],
): Promise<RefreshedAccount[]> {
  const { id, status, problem } = accounts;
  const rows = await parts.db
    .select({ id, status, problem })
    .from(accounts)
    .where(inArray(id, [...accountIds]));
  return Promise.all(rows.map((account) => refreshed(parts, account)));
}

async function refreshed(parts: RefreshParts, account: Account): Promise<RefreshedAccount> {
  const accountId = account.id;
  try {
    // Nobody synchronises these: they would be waited for in vain.
    if (account.status === 'paused') throw new MailProblem('account_paused');
    if (account.status === 'needs_password') {
      return { accountId, ok: false, problem: problemView(account.problem) ?? refusal(parts) };
    }
    const until = await parts.until(accountId);
    if (until !== null) throw new MailProblem('too_often', until.toISOString());
    await askWorker(parts.messages, accountId, { kind: 'refresh' });
    return { accountId, ok: true, problem: null };
  } catch (error) {
    if (!(error instanceof MailProblem)) throw error;
    return {
      accountId,
      ok: false,
      problem: problemView(storedProblem(error.code, error.detail, parts.now())),
    };
  }
}

function refusal({ now }: RefreshParts) {
  return problemView(storedProblem('wrong_password', null, now()));
}
