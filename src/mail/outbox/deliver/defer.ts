import type { Transaction } from '#db/client.ts';
import { deferredDeliveries } from '#db/schema.ts';
import type { Refusal } from '../../smtp/send.ts';
import type { ClaimedSubmission } from './claim.ts';
import { mostAttempts } from './failure.ts';

/** A recipient whom the server refused, with its words. */
export interface RefusedRecipient {
  address: string;
  reply: string;
}

/** What is kept of a refusal. */
export function withoutKind({ address, reply }: Refusal): RefusedRecipient {
  return { address, reply };
}

/**
 * Which of the refused recipients of a message that others have are tried again: those whom the server would not take
 * for now (a 4xx reply, RFC 5321 §4.2.1), while there are attempts left.
 */
export function sortRefusals(
  refusals: readonly Refusal[],
  attempt: number,
): { refused: RefusedRecipient[]; deferred: RefusedRecipient[] } {
  const isDeferred = ({ isTemporary }: Refusal) => isTemporary && attempt < mostAttempts;
  return {
    refused: refusals.filter((refusal) => !isDeferred(refusal)).map(withoutKind),
    deferred: refusals.filter(isDeferred).map(withoutKind),
  };
}

/** Has these recipients tried again, and nobody else: the others have the message. */
export async function deferDelivery(
  tx: Transaction,
  { accountId, id: submissionId, attempt: attempts, nextAttemptAt }: ClaimedSubmission,
  recipients: RefusedRecipient[],
): Promise<void> {
  await tx
    .insert(deferredDeliveries)
    .values({ accountId, submissionId, recipients, attempts, nextAttemptAt });
}
