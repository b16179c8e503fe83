import { type AttemptDeps, attemptDelivery } from './attempt.ts';
import { type ClaimDeps, claimSubmission, markDataStarted, renewClaim } from './claim.ts';
import { settleAccepted, settleFailed } from './settle.ts';

export interface DeliverDeps extends ClaimDeps, AttemptDeps {
  now(): Date;
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
 * @throws UnknownKey, Tampered, NotCommitted, and what Postgres throws
 */
export async function deliverSubmission(
  deps: DeliverDeps,
  { accountId, submissionId }: { accountId: string; submissionId: string },
): Promise<Delivery> {
  const { db } = deps;
  const claimed = await claimSubmission(deps, accountId, submissionId, deps.now());
  if (claimed === null) return { status: 'not_due' };
  if ('waitsUntil' in claimed)
    return { status: 'queued', state: claimed.state, nextAttemptAt: claimed.waitsUntil };
  return attemptDelivery<Delivery>(deps, claimed, {
    renew: () => renewClaim(db, claimed, deps.now()),
    dataStarted: () => markDataStarted(db, claimed, deps.now()),
    async accepted(acceptance) {
      const state = await settleAccepted(db, claimed, acceptance, deps.now());
      return state === null ? { status: 'not_ours' } : { status: 'sent', state };
    },
    async failed(failure) {
      const state = await settleFailed(db, claimed, failure, deps.now());
      if (state === null) return { status: 'not_ours' };
      if (failure.status !== 'queued') return { status: failure.status, state };
      return { status: 'queued', state, nextAttemptAt: claimed.nextAttemptAt };
    },
  });
}
