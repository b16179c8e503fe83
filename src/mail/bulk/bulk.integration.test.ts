import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { type BulkAction, bulkJobs } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { newTestMailboxes, receive } from '../sync/testing.ts';
import { stopBulk, undoBulk } from './control.ts';
import { bulkJobView, dueBulkJobs, forgetBulkJobs } from './reading.ts';
import { mostAttempts, runBulk } from './run.ts';
import { startBulk } from './start.ts';

const db = await testDatabase();
const star: BulkAction = { kind: 'keyword', keyword: '$flagged', isSet: true };
const forever = { until: new Date(8e15), now: () => new Date() };

/** An inbox of so many mails, and a job on all of them. */
async function job(mails: number, action: BulkAction = star) {
  const { accountId, inboxId, sentId } = await newTestMailboxes(db);
  const uids = Array.from({ length: mails }, (_none, index) => index + 1);
  await receive(
    db,
    { accountId, mailboxId: inboxId },
    uids.map((uid) => ({ uid })),
  );
  const { jobId } = await startBulk(db, accountId, {
    source: { kind: 'mailbox', mailboxId: inboxId },
    action,
  });
  const view = async () => (await bulkJobView(db, accountId, jobId))!;
  /** Runs it, doing something when so many batches are through. */
  const run = async (
    after = Number.POSITIVE_INFINITY,
    work: () => Promise<unknown> = async () => undefined,
  ) => {
    let batches = 0;
    return runBulk(db, { accountId, jobId }, forever, async () => {
      batches += 1;
      if (batches === after) await work();
    });
  };
  const flagged = async () => {
    const { rows } = await db.execute<{ count: number }>(sql`
      select count(*)::int as count from mailbox_emails where account_id = ${accountId} and is_flagged`);
    return rows[0]!.count;
  };
  return { accountId, inboxId, sentId, jobId, view, run, flagged };
}

describe('an action on very many mails', () => {
  it('is done batch by batch, says how far it is, and is taken back', async () => {
    const { accountId, jobId, view, run, flagged } = await job(450);
    expect(await view()).toMatchObject({ status: 'waiting', total: 450, done: 0, canUndo: false });
    const seen: number[] = [];
    await runBulk(db, { accountId, jobId }, forever, async () => void seen.push((await view()).done));
    expect(seen).toEqual([200, 400, 450]);
    expect(await view()).toMatchObject({ status: 'done', done: 450, changed: 450, canUndo: true });
    expect(await flagged()).toBe(450);
    // What the server is to be told goes with it.
    const { rows } = await db.execute(sql`select 1 from pending_operations where account_id = ${accountId}`);
    expect(rows).toHaveLength(3);
    await undoBulk(db, accountId, jobId);
    await run();
    expect(await view()).toMatchObject({ status: 'done', direction: 'back', done: 0, canUndo: false });
    expect(await flagged()).toBe(0);
    await expect(undoBulk(db, accountId, jobId)).rejects.toMatchObject({ code: 'too_late' });
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('leaves alone what comes in meanwhile, and what was so already', async () => {
    const { accountId, inboxId, view, run, flagged } = await job(3);
    await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 9 }]);
    await db.execute(sql`
      update mailbox_emails set is_flagged = true, keywords = '{$flagged}'
      where account_id = ${accountId} and uid = 1`);
    await run();
    expect(await flagged()).toBe(3);
    expect(await view()).toMatchObject({ done: 3, changed: 2 });
  });

  it('moves a whole mailbox and puts it back', async () => {
    const { accountId, inboxId, jobId, run, view } = await job(250, { kind: 'moveToRole', role: 'archive' });
    const inInbox = async () => {
      const { rows } = await db.execute<{ count: number }>(sql`
        select count(*)::int as count from mailbox_emails where account_id = ${accountId} and mailbox_id = ${inboxId}`);
      return rows[0]!.count;
    };
    await run();
    expect(await inInbox()).toBe(0);
    await undoBulk(db, accountId, jobId);
    await run();
    expect(await inInbox()).toBe(250);
    expect(await view()).toMatchObject({ done: 0 });
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('is stopped where it is, and taken back from there', async () => {
    const { accountId, jobId, view, run, flagged } = await job(600);
    await run(1, () => stopBulk(db, accountId, jobId, new Date()));
    expect(await view()).toMatchObject({ status: 'stopped', done: 200, canUndo: true });
    expect(await flagged()).toBe(200);
    await undoBulk(db, accountId, jobId);
    await run();
    expect(await flagged()).toBe(0);
  });

  it('is taken back while it runs', async () => {
    const { accountId, jobId, view, run, flagged } = await job(600);
    await run(2, () => undoBulk(db, accountId, jobId));
    await run();
    expect(await view()).toMatchObject({ status: 'done', direction: 'back', done: 0 });
    expect(await flagged()).toBe(0);
  });

  it('goes on where a worker died, by whoever comes next; run by two at once, it is done once', async () => {
    const { accountId, jobId, view, run } = await job(600);
    await expect(run(1, () => Promise.reject(new Error('killed')))).rejects.toThrow('killed');
    expect(await view()).toMatchObject({ status: 'running', done: 200 });
    expect(await run()).toBe(false);
    expect((await view()).done).toBe(200);
    const later = new Date(Date.now() + 60_000);
    expect(await dueBulkJobs(db, later)).toContainEqual({ accountId, jobId });
    const timing = { until: forever.until, now: () => later };
    await Promise.all([1, 2].map(() => runBulk(db, { accountId, jobId }, timing, async () => undefined)));
    expect(await view()).toMatchObject({ status: 'done', done: 600, changed: 600 });
  });

  it('lets others have their turn when its time is over, and goes on after them', async () => {
    const { accountId, jobId, view, run } = await job(600);
    let now = 0;
    const timing = { until: new Date(10), now: () => new Date(now) };
    const isUnfinished = await runBulk(db, { accountId, jobId }, timing, async () => {
      now = 10;
    });
    expect(isUnfinished).toBe(true);
    expect(await view()).toMatchObject({ status: 'waiting', done: 200 });
    expect(await run()).toBe(false);
    expect(await view()).toMatchObject({ status: 'done', done: 600 });
  });

  it('says why where it cannot go on', async () => {
    const { accountId, sentId, view, run } = await job(3);
    await db.execute(sql`
      update bulk_jobs set action = ${JSON.stringify({ kind: 'move', toMailboxId: sentId })}::jsonb
      where account_id = ${accountId}`);
    await db.execute(sql`delete from mailboxes where id = ${sentId}`);
    await run();
    expect(await view()).toMatchObject({ status: 'failed', problem: { code: 'mailbox_gone' } });
  });

  it('whose taking back was stopped goes on being taken back when somebody says so', async () => {
    const { accountId, jobId, view, run, flagged } = await job(600);
    await run();
    await undoBulk(db, accountId, jobId);
    await run(1, () => stopBulk(db, accountId, jobId, new Date()));
    expect(await view()).toMatchObject({ status: 'stopped', direction: 'back', done: 400, canUndo: true });
    await undoBulk(db, accountId, jobId);
    await expect(undoBulk(db, accountId, jobId)).rejects.toMatchObject({ code: 'too_late' });
    await run();
    expect(await view()).toMatchObject({ status: 'done', direction: 'back', done: 0, canUndo: false });
    expect(await flagged()).toBe(0);
  });

  describe('of which one batch fails each time', () => {
    /** The second batch of three fails: a trigger refuses the mail with this UID. */
    async function failing() {
      const made = await job(600);
      const trigger = `refuses_${made.accountId.replaceAll('-', '')}`;
      await db.execute(
        sql.raw(`
          create function ${trigger}() returns trigger language plpgsql as $$
          begin raise exception 'no such flag'; end $$;
          create trigger ${trigger} before update of is_flagged on mailbox_emails for each row
            when (new.account_id = '${made.accountId}' and new.uid = 300 and new.is_flagged) execute function ${trigger}();`),
      );
      const mend = () => db.execute(sql.raw(`drop trigger ${trigger} on mailbox_emails`));
      let now = Date.now();
      /** As the sweeper has it run, once nobody has worked on it for long enough. */
      const sweep = () => {
        now += 60_000;
        const timing = { until: forever.until, now: () => new Date(now) };
        return runBulk(db, made, timing, async () => undefined);
      };
      return { ...made, mend, sweep };
    }

    it('it ends with the reason, keeps what was done, and is taken back', async () => {
      const { accountId, jobId, view, sweep, flagged, mend } = await failing();
      for (let attempt = 1; attempt <= mostAttempts + 1; attempt += 1) {
        expect(await view()).toMatchObject({ status: attempt === 1 ? 'waiting' : 'running' });
        await expect(sweep()).rejects.toThrow();
        if ((await view()).status === 'failed') break;
      }
      expect(await view()).toMatchObject({
        ...{ status: 'failed', done: 200, changed: 200, canUndo: true },
        problem: { code: 'bulk_failed', detail: 'no such flag' },
      });
      expect(await dueBulkJobs(db, new Date(Date.now() + 365 * 86_400_000))).not.toContainEqual({
        accountId,
        jobId,
      });
      await undoBulk(db, accountId, jobId);
      expect(await sweep()).toBe(false);
      expect(await view()).toMatchObject({ status: 'done', direction: 'back', done: 0, problem: null });
      expect(await flagged()).toBe(0);
      expect(await checkConsistency(db, accountId)).toEqual([]);
      await mend();
    });

    it('it goes on where the reason has passed', async () => {
      const { view, sweep, mend } = await failing();
      await expect(sweep()).rejects.toThrow();
      await mend();
      expect(await sweep()).toBe(false);
      expect(await view()).toMatchObject({ status: 'done', done: 600 });
    });
  });

  it('at which its worker dies each time is given up', async () => {
    const { accountId, jobId, view, run } = await job(3);
    await db.update(bulkJobs).set({ attempts: mostAttempts }).where(eq(bulkJobs.id, jobId));
    expect(await run()).toBe(false);
    expect(await view()).toMatchObject({ status: 'failed', problem: { code: 'bulk_interrupted' } });
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('is of nothing where there is nothing, and is forgotten after a day', async () => {
    const { accountId, jobId, inboxId, run, view } = await job(1);
    const nothing = { source: { kind: 'emails' as const, emailIds: [crypto.randomUUID()] }, action: star };
    await expect(startBulk(db, accountId, nothing)).rejects.toMatchObject({ code: 'nothing_to_do' });
    await run();
    await forgetBulkJobs(db, new Date(Date.now() + 23 * 3_600_000));
    expect(await view()).toMatchObject({ status: 'done' });
    await forgetBulkJobs(db, new Date(Date.now() + 25 * 3_600_000));
    expect(await bulkJobView(db, accountId, jobId)).toBeNull();
    expect(inboxId).toBeTruthy();
  });
});
