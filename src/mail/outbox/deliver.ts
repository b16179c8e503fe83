import type { Log } from '#platform/log.ts';
import type { AddressPolicy } from '#platform/network/address-policy.ts';
import { connectSmtp, type SmtpLimits, type SmtpSession } from '../smtp/connect.ts';
import { type Acceptance, sendMessage } from '../smtp/send.ts';
import {
  type ClaimDeps,
  type ClaimedSubmission,
  claimSubmission,
  markDataStarted,
  renewClaim,
} from './deliver-claim.ts';
import { decideFailure } from './deliver-failure.ts';
import { settleAccepted, settleFailed } from './deliver-settle.ts';

export interface DeliverDeps extends ClaimDeps {
  policy: AddressPolicy;
  limits: SmtpLimits;
  log: Log;
  now(): Date;
  /** Milliseconds without a sign of life after which a claim counts as left behind; it is renewed well before. */
  claimLifetime: number;
}

/** What a delivery came to; `state` is the account's, to be told to browsers. */
export type Delivery =
  /** It was not due, or somebody else has it. */
  | { status: 'not_due' }
  /** The claim was lost meanwhile; whoever has it settles it. */
  | { status: 'not_ours' }
  | { status: 'queued'; state: number; nextAttemptAt: Date }
  | { status: 'sent' | 'failed' | 'unconfirmed'; state: number };

/**
 * Sends one submission, if it is due and nobody else has it. Safe to run any number of times: after the server was
 * given the message nothing sends it again but a person.
 * @throws UnknownKey, Tampered, and what Postgres throws
 */
export async function deliverSubmission(
  deps: DeliverDeps,
  { accountId, submissionId }: { accountId: string; submissionId: string },
): Promise<Delivery> {
  const { db, log } = deps;
  const claimed = await claimSubmission(deps, accountId, submissionId, deps.now());
  if (claimed === null) return { status: 'not_due' };
  if ('waitsUntil' in claimed)
    return { status: 'queued', state: claimed.state, nextAttemptAt: claimed.waitsUntil };
  const point = { isDataStarted: false, attempt: claimed.attempt };
  const renewal = setInterval(() => {
    renewClaim(db, claimed, deps.now()).catch((error: unknown) =>
      log.warn({ err: error, accountId, submissionId }, 'a claim on a submission was not renewed'),
    );
  }, deps.claimLifetime / 6);
  let session: SmtpSession | null = null;
  try {
    session = await connectSmtp({ ...claimed, policy: deps.policy, limits: deps.limits });
    const acceptance = await sendMessage(session, claimed, async () => {
      await markDataStarted(db, claimed, deps.now());
      point.isDataStarted = true;
    });
    const state = await untilCommitted(deps, () => settleAccepted(db, claimed, acceptance, deps.now()));
    logAcceptance(deps, claimed, acceptance);
    session.quit();
    return state === null ? { status: 'not_ours' } : { status: 'sent', state };
  } catch (error) {
    session?.destroy();
    if (error instanceof NotCommitted) throw error;
    return await writeFailure(deps, claimed, point, error);
  } finally {
    clearInterval(renewal);
  }
}

async function writeFailure(
  deps: DeliverDeps,
  claimed: ClaimedSubmission,
  point: { isDataStarted: boolean; attempt: number },
  error: unknown,
): Promise<Delivery> {
  const failure = decideFailure(error, point);
  const { accountId, id } = claimed;
  deps.log.warn(
    { accountId, submissionId: id, attempt: claimed.attempt, code: failure.code, status: failure.status },
    'a message was not sent',
  );
  const state = await untilCommitted(deps, () => settleFailed(deps.db, claimed, failure, deps.now()));
  if (state === null) return { status: 'not_ours' };
  if (failure.status !== 'queued') return { status: failure.status, state };
  return { status: 'queued', state, nextAttemptAt: claimed.nextAttemptAt };
}

function logAcceptance({ log }: DeliverDeps, claimed: ClaimedSubmission, acceptance: Acceptance): void {
  log.info(
    { accountId: claimed.accountId, submissionId: claimed.id, refused: acceptance.refused.length },
    'a message was sent',
  );
}

/** The result is known and could not be written: the sweeper will find the row, and never send it again after DATA. */
class NotCommitted extends Error {
  override name = 'NotCommitted';
}

const commitAttempts = 5;

/** Postgres may be away for a moment just when the server has answered: the answer is worth some patience. */
async function untilCommitted<T>({ log }: DeliverDeps, commit: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await commit();
    } catch (error) {
      if (attempt >= commitAttempts) throw new NotCommitted('A result was not written.', { cause: error });
      log.warn({ err: error, attempt }, 'the result of a delivery was not written; trying again');
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    }
  }
}
