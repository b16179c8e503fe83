import { join } from 'node:path';
import { findFreePort, isPortFree } from '../free-port.ts';
import { ensurePassword, readPrivateFile, writePrivateFile } from '../private-file.ts';
import { startImapServer } from './imap-server.ts';
import { makeSampleMailboxes } from './sample-mailboxes.ts';
import { DEMO_PEOPLE } from './sample-people.ts';
import { startSmtpServer } from './smtp-server.ts';

export type DemoMailAccount = { name: string; address: string; password: string };
export type RunningDemoMail = {
  imap: { host: string; port: number };
  smtp: { host: string; port: number };
  accounts: DemoMailAccount[];
  stop: () => Promise<void>;
};
export type DemoMailOptions = {
  /** Where the mail, the passwords and the ports are kept. */
  folder: string;
  /** The moment before which the sample mail was written; it is made once. */
  now?: Date;
};

/**
 * Starts an IMAP and an SMTP server on 127.0.0.1 with the two demo accounts and their sample mail. What they hold,
 * UIDs and flags included, is there again after a restart, and so are passwords and (if free) ports.
 */
export async function startDemoMail({ folder, now = new Date() }: DemoMailOptions): Promise<RunningDemoMail> {
  const accounts = DEMO_PEOPLE.map(({ name, address }) => ({
    name,
    address,
    password: ensurePassword(join(folder, `${address}.password`)),
  }));
  const { port: imapPort, started: imap } = await startAt(join(folder, 'imap.port'), 14_300, (port) =>
    startImapServer(
      accounts.map(({ address, password }) => ({
        address,
        password,
        folder: join(folder, address),
        makeSamples: () => makeSampleMailboxes(address, now),
      })),
      port,
    ),
  );
  const { port: smtpPort, started: stopSmtp } = await startAt(join(folder, 'smtp.port'), 15_870, (port) =>
    startSmtpServer({
      port,
      passwords: new Map(accounts.map(({ address, password }) => [address, password])),
      deliver: imap.deliver,
    }),
  );
  return {
    imap: { host: '127.0.0.1', port: imapPort },
    smtp: { host: '127.0.0.1', port: smtpPort },
    accounts,
    async stop() {
      // First nothing new comes in, then what is there is kept.
      await stopSmtp();
      await imap.stop();
    },
  };
}

/** How often another port is chosen where somebody else has taken it in the moment between. */
const mostChoices = 5;

/** Starts a server at the port that is noted or, where that is not free, at another one. */
async function startAt<Started>(
  note: string,
  preferred: number,
  start: (port: number) => Promise<Started>,
): Promise<{ port: number; started: Started }> {
  for (let choice = 1; ; choice += 1) {
    const port = await choosePort(note, preferred);
    try {
      return { port, started: await start(port) };
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken || choice === mostChoices) throw error;
    }
  }
}

/** A connected account remembers its ports, so the same ones are taken again wherever they are free. */
async function choosePort(note: string, preferred: number): Promise<number> {
  const remembered = Number(readPrivateFile(note));
  const port = remembered && (await isPortFree(remembered)) ? remembered : await findFreePort(preferred);
  if (port !== remembered) writePrivateFile(note, `${port}\n`);
  return port;
}
