import type { ImapFlow } from 'imapflow';
import { decodeBase64Stream } from '../../content/mime/base64-stream.ts';
import { decodeTransfer } from '../../content/mime/transfer-encoding.ts';
import { MailProblem } from '../../problem.ts';
import { bytesOf, type FetchLimits, fetchOne } from './fetch-copies.ts';

/** Octets asked for at once: what is held in memory of a part, however large it is. */
const pieceSize = 1024 * 1024;
/** Octets of a part in another encoding than base64, all of which must be held to be decoded. */
const mostHeld = 64 * 1024 * 1024;

/**
 * The decoded bytes of one part of a message of the selected mailbox, piece by piece (RFC 9051 §6.4.5, partial FETCH).
 * @throws MailProblem `email_gone`, `part_too_large`; FetchStalled
 */
export function fetchPart(
  client: ImapFlow,
  uid: number,
  part: string,
  encoding: string | null,
  limits: FetchLimits,
): AsyncIterable<Uint8Array> {
  const pieces = encodedPieces(client, uid, part, limits);
  if (encoding === 'base64') return decodeBase64Stream(pieces);
  return isAsItIs(encoding) ? pieces : decodeHeld(pieces, encoding);
}

function isAsItIs(encoding: string | null): boolean {
  return encoding === null || ['7bit', '8bit', 'binary'].includes(encoding);
}

async function* encodedPieces(
  client: ImapFlow,
  uid: number,
  part: string,
  limits: FetchLimits,
): AsyncGenerator<Buffer> {
  for (let start = 0; ; start += pieceSize) {
    const bodyParts = [{ key: part, start, maxLength: pieceSize }];
    const message = await fetchOne(client, uid, { uid: true, bodyParts }, limits.commandTimeout);
    if (message === null) throw new MailProblem('email_gone');
    // Behind its end a part is an empty string, or NIL.
    const piece = bytesOf(message.bodyParts?.values().next().value);
    if (piece === null && start === 0) throw new MailProblem('email_gone');
    if (piece !== null) yield piece;
    if (piece === null || piece.length < pieceSize) return;
  }
}

async function* decodeHeld(
  pieces: AsyncIterable<Buffer>,
  encoding: string | null,
): AsyncGenerator<Uint8Array> {
  const held: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > mostHeld) throw new MailProblem('part_too_large');
    held.push(piece);
  }
  yield decodeTransfer(Buffer.concat(held), encoding);
}
