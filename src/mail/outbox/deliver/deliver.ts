import { type AttemptDeps, attemptDelivery } from './attempt.ts';
import { type ClaimDeps, claimSubmission, markDataStarted, renewClaim } from './claim.ts';
import { sortRefusals, withoutKind } from './defer.ts';
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
  | { status: 'failed' | 'unconfirmed'; state: number }
  /** `deferredUntil`: when those are tried again whom the server would not take yet; null: there are none. */
  | { status: 'sent'; state: number; deferredUntil: Date | null };

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
    dataStarted: (refused) => markDataStarted(db, claimed, refused.map(withoutKind), deps.now()),
    async accepted(acceptance) {
      const state = await settleAccepted(db, claimed, acceptance, deps.now());
      if (state === null) return { status: 'not_ours' };
      const { deferred } = sortRefusals(acceptance.refused, claimed.attempt);
      return { status: 'sent', state, deferredUntil: deferred.length > 0 ? claimed.nextAttemptAt : null };
    },
    async failed(failure) {
      const state = await settleFailed(db, claimed, failure, deps.now());
      if (state === null) return { status: 'not_ours' };
      if (failure.status !== 'queued') return { status: failure.status, state };
      return { status: 'queued', state, nextAttemptAt: claimed.nextAttemptAt };
    },
  });
}
