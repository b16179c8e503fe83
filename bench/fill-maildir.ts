import { chown, mkdir, open } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { benchMessage } from './messages.ts';

/** Dovecot handles no mail as root: there it does so as "nobody". */
async function giveAway(path: string): Promise<void> {
  if (userInfo().uid === 0) await chown(path, 65_534, 65_534);
}

/** Writes the bench's messages into a Maildir that Dovecot has not opened yet; UIDs rise with the messages' numbers. */
export async function fillMaildir(
  maildir: string,
  address: string,
  count: number,
): Promise<{ bytes: number }> {
  const folders = [join(maildir, '..'), maildir, ...['cur', 'new', 'tmp'].map((name) => join(maildir, name))];
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    await giveAway(folder);
  }
  let bytes = 0;
  for (let n = 1; n <= count; n += 1) {
    const { raw, receivedAt, isSeen } = benchMessage(n, address);
    bytes += raw.length;
    const seconds = receivedAt.getTime() / 1000;
    const file = await open(join(maildir, 'cur', `${seconds}.${n}.bench:2,${isSeen ? 'S' : ''}`), 'w');
    await file.write(raw);
    // Dovecot takes INTERNALDATE from the file's time.
    await file.utimes(seconds, seconds);
    await file.close();
    await giveAway(join(maildir, 'cur', `${seconds}.${n}.bench:2,${isSeen ? 'S' : ''}`));
  }
  return { bytes };
}
