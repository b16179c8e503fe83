import { Readable } from 'node:stream';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { orError, type SmtpSession } from './connect.ts';
import { replyText } from './errors.ts';

export interface Envelope {
  from: string;
  to: readonly string[];
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
}

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

/** RFC 5321 §4.5.3.2.6 has the client wait long for the reply after the last dot: giving up early leaves a doubt. */
const patienceAfterData = 5;

/**
 * Sends one raw message. `beforeData` runs when the server has taken the envelope and said 354, before the first byte
 * of the message goes; the message goes only when it has succeeded.
 * @throws DataNotStarted, or nodemailer's error, whose reply is read by `replyCode`
 */
export async function sendMessage(
  session: SmtpSession,
  message: { envelope: Envelope; raw: Buffer },
  beforeData: () => Promise<void>,
  signal?: AbortSignal,
): Promise<Acceptance> {
  const { connection, socket } = session;
  const { envelope, raw } = message;
  // nodemailer reads the stream only after the 354 reply: the first read is the moment before DATA's content.
  let isAsked = false;
  const content = new Readable({
    read() {
      if (isAsked) return;
      isAsked = true;
      beforeData().then(
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
    connection.send(
      {
        from: envelope.from,
        to: [...envelope.to],
        size: raw.length,
        use8BitMime: raw.some((byte) => byte > 127),
      },
      content,
      done,
    ),
  );
  if (info === undefined) throw new Error('The library told neither a result nor an error.');
  return { response: info.response, refused: refusalsOf(info) };
}
