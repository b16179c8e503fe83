import { isAscii } from 'node:buffer';
import { Readable } from 'node:stream';
import { domainToASCII } from 'node:url';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { MailProblem } from '../problem.ts';
import { orError, type SmtpSession } from './connect.ts';
import { replyCode, replyText, smtpCode } from './errors.ts';

export interface Envelope {
  from: string;
  to: readonly string[];
  /** RFC 3461: a report is asked for under this name; null: none is. */
  reportAs: string | null;
  /** RFC 8689: the message is to go over encrypted connections only. */
  requireTls: boolean;
}

export interface Refusal {
  address: string;
  reply: string;
  /** The server may take it later (a 4xx reply). */
  isTemporary: boolean;
}

/** The server took the message for at least one recipient. */
export interface Acceptance {
  response: string;
  refused: Refusal[];
  report: DeliveryReport;
}

/** What became of the wish for a delivery report. */
export type DeliveryReport =
  | { kind: 'not_asked' }
  | { kind: 'asked' }
  /** The server does not have the extension. */
  | { kind: 'not_offered' }
  /** The server says that it has the extension, and would not take the message with the wish. */
  | { kind: 'refused'; reply: string | null };

/** `beforeData` failed: nothing of the message was sent, and the reason is `cause`. */
export class DataNotStarted extends Error {
  override name = 'DataNotStarted';
}

/** The refused recipients that an error or a result of nodemailer speaks of. */
export function refusalsOf(source: object): Refusal[] {
  const errors: unknown = Reflect.get(source, 'rejectedErrors');
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    if (!(error instanceof Error)) return [];
    const address: unknown = Reflect.get(error, 'recipient');
    const code: unknown = Reflect.get(error, 'responseCode');
    if (typeof address !== 'string') return [];
    const isTemporary = typeof code === 'number' && code >= 400 && code < 500;
    return [{ address, reply: replyText(error) ?? '', isTemporary }];
  });
}

/** An address as the envelope has it: a domain in ASCII, unless the local part is none either (RFC 6531 §3.2). */
function envelopeAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = domainToASCII(address.slice(at + 1));
  return domain !== '' && isAscii(Buffer.from(local)) ? `${local}@${domain}` : address;
}

/**
 * What the server must have for this envelope.
 * @throws MailProblem `smtputf8_not_offered` with the address, `requiretls_not_offered`: it is not sent without
 */
function checkOffers(session: SmtpSession, { from, to, requireTls }: Envelope): void {
  const international = [from, ...to].find((address) => !isAscii(Buffer.from(address)));
  if (international !== undefined && !session.offers('SMTPUTF8'))
    throw new MailProblem('smtputf8_not_offered', international);
  if (requireTls && !(session.connection.secure && session.offers('REQUIRETLS')))
    throw new MailProblem('requiretls_not_offered');
}

/** The library's envelope; its types do not know of RFC 8689 yet. */
type LibraryEnvelope = SMTPConnection.Envelope & { requireTLSExtensionEnabled: boolean };

function libraryEnvelope(envelope: Envelope, raw: Buffer): LibraryEnvelope {
  const { from, to, reportAs, requireTls } = envelope;
  return {
    from,
    to: [...to],
    size: raw.length,
    use8BitMime: !isAscii(raw),
    requireTLSExtensionEnabled: requireTls,
    ...(reportAs === null
      ? {}
      : { dsn: { id: reportAs, return: 'headers', notify: ['success', 'failure', 'delay'] } }),
  };
}

/** RFC 5321 §4.5.3.2.6 has the client wait long for the reply after the last dot: giving up early leaves a doubt. */
const patienceAfterData = 5;

/** Replies to parameters that a server does not take (RFC 5321 §4.1.1.11, RFC 3461 §10). */
const parameterReplies = new Set([455, 501, 504, 555]);

/** Whether the server may have refused the envelope for the wish for a report that it carries. */
function isReportRefused(error: unknown): boolean {
  const errors: unknown = error instanceof Error ? Reflect.get(error, 'rejectedErrors') : null;
  const causes = Array.isArray(errors) && errors.length > 0 ? errors : [error];
  return causes.every((cause) => parameterReplies.has(replyCode(cause) ?? 0));
}

/** Runs before the first byte of a message goes; is told whom the server has refused, while it takes it for others. */
export type BeforeData = (refused: Refusal[]) => Promise<void>;

/** Whom the server has refused in the envelope that it is about to take a message for; only the library's inside knows. */
function refusedInEnvelope(connection: SMTPConnection): Refusal[] {
  const envelope: unknown = Reflect.get(connection, '_envelope');
  return typeof envelope === 'object' && envelope !== null ? refusalsOf(envelope) : [];
}

/**
 * Sends one raw message. `beforeData` runs when the server has taken the envelope and said 354, before the first byte
 * of the message goes; the message goes only when it has succeeded. A message for which a report is wanted goes without
 * that wish where the server does not take it.
 * @throws DataNotStarted, those of `checkOffers`, or nodemailer's error, whose reply is read by `replyCode`
 */
export async function sendMessage(
  session: SmtpSession,
  message: { envelope: Envelope; raw: Buffer },
  beforeData: BeforeData,
  signal?: AbortSignal,
): Promise<Acceptance> {
  const { raw } = message;
  const { reportAs } = message.envelope;
  const envelope = {
    ...message.envelope,
    from: envelopeAddress(message.envelope.from),
    to: message.envelope.to.map(envelopeAddress),
  };
  checkOffers(session, envelope);
  const plain = { envelope: { ...envelope, reportAs: null }, raw };
  const without = async (report: DeliveryReport): Promise<Acceptance> => ({
    ...(await exchange(session, plain, beforeData, signal)),
    report,
  });
  if (reportAs === null) return without({ kind: 'not_asked' });
  if (!session.offers('DSN')) return without({ kind: 'not_offered' });
  try {
    const taken = await exchange(session, { envelope, raw }, beforeData, signal);
    return { ...taken, report: { kind: 'asked' } };
  } catch (error) {
    // Nothing of the message has gone: a refused envelope comes before DATA.
    if (smtpCode(error) !== 'EENVELOPE' || !isReportRefused(error)) throw error;
    await orError(session.connection, signal, (done) => session.connection.reset(done));
    return await without({ kind: 'refused', reply: replyText(error) });
  }
}

/** Gives the server one envelope, and the message where it takes that. */
async function exchange(
  { connection, socket }: SmtpSession,
  { envelope, raw }: { envelope: Envelope; raw: Buffer },
  beforeData: BeforeData,
  signal: AbortSignal | undefined,
): Promise<Pick<Acceptance, 'response' | 'refused'>> {
  // nodemailer reads the stream only after the 354 reply: the first read is the moment before DATA's content.
  let isAsked = false;
  const content = new Readable({
    read() {
      if (isAsked) return;
      isAsked = true;
      beforeData(refusedInEnvelope(connection)).then(
        () => {
          socket.setTimeout((socket.timeout ?? 0) * patienceAfterData);
          content.push(raw);
          content.push(null);
        },
        (error: unknown) =>
          content.destroy(new DataNotStarted('The message was held back.', { cause: error })),
      );
    },
  });
  const info = await orError<SMTPConnectionSendInfo>(connection, signal, (done) =>
    connection.send(libraryEnvelope(envelope, raw), content, done),
  );
  if (info === undefined) throw new Error('The library told neither a result nor an error.');
  return { response: info.response, refused: refusalsOf(info) };
}
