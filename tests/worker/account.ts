import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { accounts } from '#db/schema.ts';
import type { WorkerDeps } from '../../worker/deps.ts';
import { processSync } from '../../worker/queues/sync.ts';
import { Supervisor } from '../../worker/supervisor.ts';
import { atEnd, type testImapServer } from '../../worker/testing.ts';
import { type FaultServer, startFaultServer } from '../faults/fault-server.ts';
import type { Dovecot } from '../setup/dovecot.ts';

type Imap = ReturnType<typeof testImapServer>;

/** A user of a test's own on a Dovecot of its own. */
export function userOf({ port, password }: Pick<Dovecot, 'port' | 'password'>): Imap {
  const user = `u${randomUUID()}`;
  return { server: { host: '127.0.0.1', port, security: 'none', user, pinnedFingerprint: null }, password };
}

/** A fault server before an account's own, and the account as it is reached through it. */
export async function withFaults(imap: Imap): Promise<{ faults: FaultServer; imap: Imap }> {
  const faults = await startFaultServer(imap.server.port);
  atEnd(() => faults.stop());
  return { faults, imap: { ...imap, server: { ...imap.server, port: faults.port } } };
}

export function rawMail(subject: string, body = `Body of ${subject}`): string {
  return `From: Sender <s@test.example>\r\nSubject: ${subject}\r\nMessage-ID: <${randomUUID()}@test.example>\r\n\r\n${body}\r\n`;
}

/** A supervisor that runs with its queue, so many batches at a time, and ends with the test file. */
export async function startSupervisor(deps: WorkerDeps, batches = 3): Promise<Supervisor> {
  const supervisor = new Supervisor(deps);
  deps.queues.work('sync', batches, (payload) => processSync(deps, supervisor, payload));
  await supervisor.start();
  atEnd(() => supervisor.stop());
  return supervisor;
}

/** The subjects of what is stored of a mailbox, oldest first. */
export async function storedSubjects(
  { db }: Pick<WorkerDeps, 'db'>,
  accountId: string,
  remoteId = 'INBOX',
): Promise<string[]> {
  const { rows } = await db.execute<{ subject: string }>(sql`
    select e.subject from mailbox_emails c
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
    where c.account_id = ${accountId} and m.remote_id = ${remoteId} order by c.uid`);
  return rows.map(({ subject }) => subject);
}

export async function accountRow({ db }: Pick<WorkerDeps, 'db'>, accountId: string) {
  const [row] = await db.select().from(accounts).where(eq(accounts.id, accountId));
  if (row === undefined) throw new Error('The account is gone.');
  return row;
}

export async function mailboxId(
  { db }: Pick<WorkerDeps, 'db'>,
  accountId: string,
  remoteId: string,
): Promise<string> {
  const { rows } = await db.execute<{ id: string }>(
    sql`select id from mailboxes where account_id = ${accountId} and remote_id = ${remoteId}`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`There is no mailbox ${remoteId}.`);
  return row.id;
}
