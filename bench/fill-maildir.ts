import { chownSync, closeSync, futimesSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { BenchMessage } from './messages.ts';

const isRoot = userInfo().uid === 0;

/** Dovecot handles no mail as root: there it does so as "nobody". */
function giveAway(path: string): void {
  if (isRoot) chownSync(path, 65_534, 65_534);
}

/**
 * Writes messages into a Maildir that Dovecot has not opened yet; UIDs rise with the messages' numbers, from 1.
 * @param maildir a user's own, or a mailbox below it: `Maildir/.name`
 */
export function fillMaildir(
  maildir: string,
  count: number,
  message: (n: number) => BenchMessage,
): { bytes: number } {
  const folders = [join(maildir, '..'), maildir, ...['cur', 'new', 'tmp'].map((name) => join(maildir, name))];
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    giveAway(folder);
  }
  let bytes = 0;
  for (let n = 1; n <= count; n += 1) {
    const { raw, receivedAt, isSeen } = message(n);
    bytes += raw.length;
    const seconds = receivedAt.getTime() / 1000;
    const path = join(maildir, 'cur', `${seconds}.${n}.bench:2,${isSeen ? 'S' : ''}`);
    const file = openSync(path, 'w');
    writeSync(file, raw);
    // Dovecot takes INTERNALDATE from the file's time.
    futimesSync(file, seconds, seconds);
    closeSync(file);
    giveAway(path);
  }
  return { bytes };
}
