import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { and, eq, inArray } from 'drizzle-orm';
import { deferredDeliveries, pendingOperations, submissions } from '../../src/db/schema.ts';
import { createDraft } from '../../src/mail/drafts/create.ts';
import { saveDraft } from '../../src/mail/drafts/save.ts';
import { draftContent } from '../../src/mail/drafts/testing.ts';
import { submitDraft } from '../../src/mail/outbox/submit.ts';
import { checkConsistency } from '../../src/operations/consistency.ts';
import { moody } from './random-server.ts';
import type { SendWorld } from './send-world.ts';
import { sentMessageIds } from './sent-copies.ts';

export interface ChaosPlan {
  mails: number;
  kills: number;
  flushes: number;
  postgresRestarts: number;
  /** Milliseconds between two disturbances. */
  pace: number;
  /** Milliseconds within which all must be settled once nothing disturbs any more. */
  patience: number;
}

export interface ChaosOutcome {
  sent: number;
  failed: number;
  unconfirmed: number;
  /** Submissions that nobody knows of any more, and recipients who are said to have a message that never came. */
  lost: number;
  /** Recipients to whom a message came more than once, or although it is said that it did not. */
  doubled: number;
  /** What else is not as it must be. */
  faults: string[];
}

interface Draft {
  accountId: string;
  draftId: string;
  version: number;
  key: string;
}

/**
 * Sends many mails while everything that can break does, and counts at the receiving end: each came once, or stands as
 * failed or unconfirmed with its reason.
 */
export async function runSendChaos(world: SendWorld, plan: ChaosPlan): Promise<ChaosOutcome> {
  const drafts = await writeDrafts(world, plan.mails);
  await Promise.all([submitAll(world, drafts, plan), disturb(world, plan)]);
  const isSettled = await untilSettled(world, plan);
  const outcome = await count(world, drafts);
  if (!isSettled) outcome.faults.push(`After ${plan.patience} ms not everything was settled.`);
  return outcome;
}

async function writeDrafts({ db, accounts }: SendWorld, mails: number): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (let number = 0; number < mails; number += 1) {
    const account = accounts[number % accounts.length];
    if (account === undefined) throw new Error('There are no accounts.');
    const { accountId } = account;
    const made = await createDraft(db, accountId, null);
    const content = draftContent(made.identityId, {
      to: [{ name: `Réceiver ${number}`, address: `to${number}@receiver.example` }],
      cc: number % 2 === 0 ? [{ name: '', address: `${moody}${number}@receiver.example` }] : [],
      subject: `Mail ${number}`,
      text: `This is mail ${number}.\n.\nFrom here on it is long. ${'Words and words. '.repeat(number % 50)}`,
    });
    const { version } = await saveDraft(db, accountId, made.id, made.version, content);
    drafts.push({ accountId, draftId: made.id, version, key: randomUUID() });
  }
  return drafts;
}

/** Submits evenly over the whole time of the disturbances, each until it is told that it is being sent. */
async function submitAll(world: SendWorld, drafts: readonly Draft[], plan: ChaosPlan): Promise<void> {
  const disturbances = plan.kills + plan.flushes + plan.postgresRestarts;
  const pause = (disturbances * plan.pace * 0.8) / Math.max(1, drafts.length);
  for (const draft of drafts) {
    await setTimeout(pause);
    const { accountId, draftId, version, key } = draft;
    const request = {
      ...{ accountId, draftId, version, idempotencyKey: key },
      ...{ undo: 0, later: null, timeZone: 'Europe/Berlin', archiveAfterSending: false },
    };
    for (;;) {
      try {
        const parts = {
          db: world.db,
          now: new Date(),
          attachmentBytes: () => Promise.reject(new Error('There are none.')),
        };
        const view = await submitDraft(parts, request);
        void world.queues.add('send', { accountId, submissionId: view.id });
        break;
      } catch {
        // Postgres is away: whoever was told nothing asks again, under the same key.
        await setTimeout(200);
      }
    }
  }
}

async function disturb(
  world: SendWorld,
  { kills, flushes, postgresRestarts, pace }: ChaosPlan,
): Promise<void> {
  const disturbances = Array.from({ length: kills }, () => () => world.killWorker());
  const between = (count: number, work: () => Promise<void>) => {
    for (let number = 1; number <= count; number += 1)
      disturbances.splice(Math.floor((number * disturbances.length) / (count + 1)), 0, work);
  };
  between(flushes, () => world.flushRedis());
  between(postgresRestarts, () => world.restartPostgres());
  for (const work of disturbances) {
    await setTimeout(pace);
    await work();
  }
  // The last one is a flush: nothing may rest on a worker's being started after it.
  await world.flushRedis();
}

async function untilSettled({ db }: SendWorld, { patience }: ChaosPlan): Promise<boolean> {
  const deadline = Date.now() + patience;
  for (;;) {
    const open = await db
      .select({ id: submissions.id })
      .from(submissions)
      .where(inArray(submissions.status, ['scheduled', 'queued', 'sending']));
    const operations = await db
      .select({ sequence: pendingOperations.sequence })
      .from(pendingOperations)
      .where(eq(pendingOperations.isSettled, false));
    const deferred = await db.select({ id: deferredDeliveries.submissionId }).from(deferredDeliveries);
    if (open.length + operations.length + deferred.length === 0) return true;
    if (Date.now() > deadline) return false;
    await setTimeout(250);
  }
}

/** What a person is told of a message and one of its recipients. */
function toldOf(
  { status, refused, problem }: typeof submissions.$inferSelect,
  address: string,
): 'sent' | 'not_sent' | 'unknown' {
  if (status === 'failed' || refused.some((each) => each.address === address)) return 'not_sent';
  const isDoubtful = problem?.code === 'recipients_unconfirmed' && problem.detail?.includes(address);
  return status === 'sent' && isDoubtful !== true ? 'sent' : 'unknown';
}

async function count(world: SendWorld, drafts: readonly Draft[]): Promise<ChaosOutcome> {
  const { db, smtp, accounts } = world;
  const outcome: ChaosOutcome = { sent: 0, failed: 0, unconfirmed: 0, lost: 0, doubled: 0, faults: [] };
  const sentIds = new Map<string, string[]>();
  for (const { accountId, key } of drafts) {
    const [row] = await db
      .select()
      .from(submissions)
      .where(and(eq(submissions.accountId, accountId), eq(submissions.idempotencyKey, key)));
    if (row === undefined) outcome.lost += 1;
    else if (row.status === 'sent' || row.status === 'failed' || row.status === 'unconfirmed') {
      outcome[row.status] += 1;
      if (row.status === 'sent') sentIds.set(accountId, [...(sentIds.get(accountId) ?? []), row.messageId]);
      else if (row.problem === null) outcome.faults.push(`${row.id} is ${row.status} without a reason.`);
    } else outcome.faults.push(`${row.id} is still ${row.status}.`);
    for (const address of row?.envelopeTo ?? []) {
      const came = smtp.takenFor(row?.messageId ?? '', address);
      const told = row === undefined ? 'unknown' : toldOf(row, address);
      if (came > 1 || (came > 0 && told === 'not_sent')) outcome.doubled += 1;
      if (came === 0 && told === 'sent') outcome.lost += 1;
    }
  }
  for (const { accountId, user } of accounts) {
    const expected = (sentIds.get(accountId) ?? []).sort();
    const there = (await sentMessageIds(world.dovecot, user)).sort();
    if (JSON.stringify(there) !== JSON.stringify(expected))
      outcome.faults.push(`${user} has ${there.length} copies in Sent of ${expected.length} sent mails.`);
    const inconsistencies = await checkConsistency(db, accountId);
    outcome.faults.push(...inconsistencies.map((each) => `${user}: ${JSON.stringify(each)}`));
  }
  return outcome;
}
