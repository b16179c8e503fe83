import { and, eq, lt } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database } from '#db/client.ts';
import { accountSetups, accounts } from '#db/schema.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import { seal } from '#platform/crypto/seal.ts';
import { MailProblem, problemView, storedProblem } from '../problem.ts';
import type { ServerInput, SetupView } from '../views.ts';
import { needsPassword } from './replace-servers.ts';

/** How long what somebody typed may lie here, in milliseconds. */
export const setupLifetime = 10 * 60_000;

export interface SetupRequest {
  ownerId: string;
  address: string;
  password: string;
  name: string;
  imap: ServerInput | null;
  smtp: ServerInput | null;
}

/** Lays down what somebody typed, the password sealed, for the worker to try. */
export async function createSetup(
  db: Database,
  ring: KeyRing,
  request: SetupRequest,
  now: Date,
): Promise<string> {
  const id = newId();
  const { ownerId, address, name, imap, smtp, password } = request;
  await db.insert(accountSetups).values({
    id,
    ownerId,
    address,
    name,
    imap,
    smtp,
    sealed: seal(ring, password, { table: 'account_setups', id, owner: ownerId }),
    expiresAt: new Date(now.getTime() + setupLifetime),
  });
  return id;
}

export interface ReplacementRequest {
  ownerId: string;
  accountId: string;
  /** Null: the stored one stays, for the same hosts. */
  password: string | null;
  imap: ServerInput;
  smtp: ServerInput;
}

/**
 * Lays down the servers and the password that an account is to have from now on, for the worker to try first.
 * @throws MailProblem `account_gone`, `password_needed`
 */
export async function createReplacement(
  db: Database,
  ring: KeyRing,
  request: ReplacementRequest,
  now: Date,
): Promise<string> {
  const id = newId();
  const { ownerId, accountId, password, imap, smtp } = request;
  const [account] = await db.select().from(accounts).where(eq(accounts.id, accountId));
  if (account === undefined) throw new MailProblem('account_gone');
  if (password === null && needsPassword(account, { imap, smtp })) throw new MailProblem('password_needed');
  await db.insert(accountSetups).values({
    id,
    ownerId,
    address: account.address,
    name: account.name,
    imap,
    smtp,
    sealed: password === null ? null : seal(ring, password, { table: 'account_setups', id, owner: ownerId }),
    replacesAccountId: accountId,
    expiresAt: new Date(now.getTime() + setupLifetime),
  });
  return id;
}

/** How a trial stands, for the one who asked for it; null for others and once it has expired. */
export async function setupView(db: Database, ownerId: string, id: string): Promise<SetupView | null> {
  const [row] = await db
    .select()
    .from(accountSetups)
    .where(and(eq(accountSetups.id, id), eq(accountSetups.ownerId, ownerId)));
  if (row === undefined) return null;
  const problem = problemView(row.problem);
  return {
    id,
    status: row.status,
    step: row.step,
    accountId: row.accountId,
    problem:
      row.problem === null || problem === null
        ? null
        : {
            ...problem,
            server: row.problem.server,
            tried: row.problem.tried,
            certificate: row.problem.certificate,
          },
  };
}

/** Deletes what has expired; a trial whose process died is told to have failed first, without its password. */
export async function removeExpiredSetups(db: Database, now: Date): Promise<void> {
  const { id, status, imap, smtp, expiresAt } = accountSetups;
  const isDead = and(eq(status, 'trying'), lt(expiresAt, now));
  for (const row of await db.select({ id, imap, smtp }).from(accountSetups).where(isDead)) {
    await db
      .update(accountSetups)
      .set({
        status: 'failed',
        sealed: null,
        expiresAt: new Date(now.getTime() + setupLifetime),
        problem: {
          ...storedProblem('timeout', null, now),
          server: null,
          tried: { imap: row.imap, smtp: row.smtp },
          certificate: null,
        },
      })
      .where(and(eq(id, row.id), isDead));
  }
  await db.delete(accountSetups).where(lt(expiresAt, now));
}

/** Setups that wait to be tried, for the sweeper. */
export async function waitingSetups(db: Database): Promise<string[]> {
  const rows = await db
    .select({ id: accountSetups.id })
    .from(accountSetups)
    .where(eq(accountSetups.status, 'waiting'));
  return rows.map((row) => row.id);
}
