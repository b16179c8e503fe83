import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import {
  accountRow,
  mailboxId,
  rawMail,
  startSupervisor,
  storedSubjects,
  withFaults,
} from '../tests/worker/account.ts';
import { insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps({ SYNC_POLL_INTERVAL: '600000' });
const { db } = deps;
const supervisor = await startSupervisor(deps);

describe.each(['INBOX', 'Big'])('most of %s is gone at once', (path) => {
  it('that is said while it is not believed, looked at again and again, and believed where a person asks', async () => {
    const direct = testImapServer(`u${randomUUID()}`);
    const client = await otherClient(direct);
    if (path !== 'INBOX') await client.mailboxCreate(path);
    for (let n = 1; n <= 130; n += 1) await client.append(path, rawMail(`${n}`));
    const { faults, imap } = await withFaults(direct);
    const { accountId } = await insertAccount(deps, imap);
    await supervisor.look();
    const stored = () => storedSubjects(deps, accountId, path);
    await until(stored, (subjects) => subjects.length === 130);
    const session = supervisor.session(accountId)!;
    await session.answer({ kind: 'refresh' });

    await client.mailboxOpen(path);
    const { state: before } = await accountRow(deps, accountId);
    await client.messageDelete('1:125', { uid: true });
    session.poke({ kind: 'sync' });
    const problem = async () => {
      const { rows } = await db.execute<{ code: string | null; detail: string | null; state: number }>(sql`
        select problem ->> 'code' as code, problem ->> 'detail' as detail, state::int as state from mailboxes
        where account_id = ${accountId} and remote_id = ${path}`);
      return rows[0]!;
    };
    const said = await until(problem, ({ code }) => code !== null);
    expect(said).toMatchObject({ code: 'mass_disappearance', detail: '125' });
    // Browsers ask for what has a higher state than theirs.
    expect(said.state).toBeGreaterThan(before);
    const opened = () => faults.commands.filter(({ line }) => line.startsWith(`EXAMINE ${path}`)).length;
    const looks = opened();
    await until(
      async () => opened(),
      (times) => times >= looks + 2,
    );
    expect(await problem()).toMatchObject({ code: 'mass_disappearance' });
    expect((await stored()).length).toBe(130);
    expect((await accountRow(deps, accountId)).status).toBe('active');

    const repaired = { kind: 'repair', mailboxId: await mailboxId(deps, accountId, path) } as const;
    expect(await session.answer(repaired)).toEqual({ ok: true });
    expect(await stored()).toEqual(['126', '127', '128', '129', '130']);
    expect(await problem()).toMatchObject({ code: null });
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});
