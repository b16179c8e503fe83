import { MailProblem } from '../../problem.ts';
import { replyCode, replyText, smtpCode } from '../../smtp/errors.ts';
import { DataNotStarted, type Refusal, refusalsOf } from '../../smtp/send.ts';

/** What becomes of a submission whose delivery failed. */
export interface FailedDelivery {
  status: 'queued' | 'failed' | 'unconfirmed';
  code: string;
  detail: string | null;
  /** The recipients that the server named, where it refused them all. */
  refused: { address: string; reply: string }[];
  /** The account itself has the problem: its password is refused. */
  isAccountProblem: boolean;
}

/** Where a delivery was when it failed. */
export interface DeliveryPoint {
  /** Whether the server may have been given any of the message. */
  isDataStarted: boolean;
  /** This attempt's number, from 1. */
  attempt: number;
}

/** With the default `SEND_RETRY_DELAY` the last of them is about an hour after the first. */
export const mostAttempts = 8;

/**
 * Milliseconds until the attempt after this one: the first delay, doubled each time, and up to a fifth more or less, so
 * that a server that comes back does not meet everybody at once.
 * @param random from 0 to below 1
 */
export function retryDelay(firstDelay: number, attempt: number, random: number): number {
  return Math.round(firstDelay * 2 ** (attempt - 1) * (0.8 + 0.4 * random));
}

/** Failures to connect that time may mend; each code has a sentence of its own. */
const connectionCodes = new Set([
  'unreachable',
  'timeout',
  'host_not_found',
  'tls_failed',
  'bad_certificate',
]);

/** What no time mends: the server lacks what the message needs, or its address is not to be spoken to. */
const finalCodes = new Set(['refused_address', 'smtputf8_not_offered', 'requiretls_not_offered']);

function named(refusals: readonly Refusal[]): string {
  return refusals.map(({ address, reply }) => `${address}: ${reply}`).join('; ');
}

type Verdict = Omit<FailedDelivery, 'refused' | 'isAccountProblem' | 'status'> & { isFinal: boolean };

function verdictOnConnection(problem: MailProblem): Verdict {
  const { code, detail } = problem;
  if (code === 'wrong_password') return { code: 'sign_in_refused', detail, isFinal: true };
  if (finalCodes.has(code)) return { code, detail, isFinal: true };
  return { code: connectionCodes.has(code) ? code : 'unreachable', detail, isFinal: false };
}

function verdictOnReply(error: unknown, refusals: readonly Refusal[]): Verdict {
  if (refusals.length > 0) {
    const isFinal = refusals.every((refusal) => !refusal.isTemporary);
    return { code: 'recipient_refused', detail: named(refusals), isFinal };
  }
  const reply = replyCode(error);
  if (reply !== null) return { code: 'message_refused', detail: replyText(error), isFinal: reply >= 500 };
  // The library holds a message back that is larger than the server said it takes (RFC 1870).
  if (smtpCode(error) === 'EMESSAGE' || smtpCode(error) === 'EENVELOPE')
    return { code: 'message_refused', detail: replyText(error), isFinal: true };
  const isSlow = smtpCode(error) === 'ETIMEDOUT';
  return { code: isSlow ? 'timeout' : 'unreachable', detail: replyText(error), isFinal: false };
}

/** Whether the server itself answered the message, so that there is no doubt about what it did. */
function isAnswerToMessage(error: unknown): boolean {
  const reply = replyCode(error);
  return smtpCode(error) === 'EMESSAGE' && reply !== null && reply >= 400;
}

/**
 * Decides what a failed delivery means (RFC 5321 §4.2.1). A 4xx reply, or no connection, before the message went: once
 * more later. A 5xx reply: failed. Anything but a clear answer once the message had begun to go: unconfirmed, and never
 * sent again by itself.
 */
export function decideFailure(error: unknown, { isDataStarted, attempt }: DeliveryPoint): FailedDelivery {
  const none = { refused: [], isAccountProblem: false };
  if (isDataStarted && !isAnswerToMessage(error)) {
    const detail = replyText(error);
    return { status: 'unconfirmed', code: 'connection_lost_after_data', detail, ...none };
  }
  if (error instanceof DataNotStarted) {
    return { status: 'queued', code: 'unknown', detail: null, ...none };
  }
  const refusals = error instanceof Error ? refusalsOf(error) : [];
  const { isFinal, code, detail } =
    error instanceof MailProblem ? verdictOnConnection(error) : verdictOnReply(error, refusals);
  return {
    status: isFinal || attempt >= mostAttempts ? 'failed' : 'queued',
    code,
    detail,
    refused: refusals.map(({ address, reply }) => ({ address, reply })),
    isAccountProblem: code === 'sign_in_refused',
  };
}
