import type { ServerSettings } from '#db/schema.ts';
import type { Log } from '#platform/log.ts';
import type { AddressPolicy } from '#platform/network/address-policy.ts';
import { connectSmtp, type SmtpLimits, type SmtpSession } from '../../smtp/connect.ts';
import { type Acceptance, type Envelope, type Refusal, sendMessage } from '../../smtp/send.ts';
import { decideFailure, type FailedDelivery } from './failure.ts';

export interface AttemptDeps {
  policy: AddressPolicy;
  limits: SmtpLimits;
  log: Log;
  /** Milliseconds without a sign of life after which a claim counts as left behind; it is renewed well before. */
  claimLifetime: number;
}

/** A claimed message on its way out. */
export interface OutgoingAttempt {
  /** As logs name it. */
  id: string;
  /** This attempt's number, from 1. */
  attempt: number;
  envelope: Envelope;
  raw: Buffer;
  server: ServerSettings;
  password: string;
}

/** What is written of an attempt, in its order; each is one transaction under the claim. */
export interface AttemptWrites<Result> {
  /** Shows that whoever has the claim is alive. */
  renew(): Promise<void>;
  /**
   * The server is about to be given the message, but not for those whom it has refused.
   * @throws where the claim was lost: nothing is given then
   */
  dataStarted(refused: Refusal[]): Promise<void>;
  accepted(acceptance: Acceptance): Promise<Result>;
  failed(failure: FailedDelivery): Promise<Result>;
}

/**
 * Gives one claimed message to its server, once, and writes down what came of it before anything else happens.
 * @throws NotCommitted where that could not be written: the sweeper finds the row, and after DATA nobody sends it again
 */
export async function attemptDelivery<Result>(
  deps: AttemptDeps,
  message: OutgoingAttempt,
  writes: AttemptWrites<Result>,
): Promise<Result> {
  const { log } = deps;
  const { id, attempt } = message;
  const point = { isDataStarted: false, attempt };
  const renewal = setInterval(() => {
    writes.renew().catch((error: unknown) => log.warn({ err: error, id }, 'a claim was not renewed'));
  }, deps.claimLifetime / 6);
  let session: SmtpSession | null = null;
  try {
    session = await connectSmtp({ ...message, policy: deps.policy, limits: deps.limits });
    const acceptance = await sendMessage(session, message, async (refused) => {
      await writes.dataStarted(refused);
      point.isDataStarted = true;
    });
    const result = await untilCommitted(log, () => writes.accepted(acceptance));
    log.info({ id, refused: acceptance.refused.length }, 'a message was sent');
    session.quit();
    return result;
  } catch (error) {
    session?.destroy();
    if (error instanceof NotCommitted) throw error;
    const failure = decideFailure(error, point);
    const { code, status } = failure;
    log.warn({ id, attempt, code, status }, 'a message was not sent');
    return await untilCommitted(log, () => writes.failed(failure));
  } finally {
    clearInterval(renewal);
  }
}

/** The result is known and could not be written. */
class NotCommitted extends Error {
  override name = 'NotCommitted';
}

const commitAttempts = 5;

/** Postgres may be away for a moment just when the server has answered: the answer is worth some patience. */
async function untilCommitted<T>(log: Log, commit: () => Promise<T>): Promise<T> {
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
