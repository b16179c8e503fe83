import { createSetup, setupView } from '../src/mail/accounts/setups.ts';
import { pause } from './numbers.ts';
import type { BenchStack } from './stack.ts';

export interface ConnectOptions {
  address: string;
  /** Where IMAP is spoken, if not to Dovecot itself. */
  imapPort?: number;
  /** Whose account it will be, if not the stack's own user's. */
  ownerId?: string;
}

/** What the web process does when the button is pressed. @returns the setup's id */
export async function press(
  { db, ring, queues, userId, dovecot, smtpPort }: BenchStack,
  { address, imapPort = dovecot.port, ownerId = userId }: ConnectOptions,
): Promise<string> {
  const server = { host: '127.0.0.1', security: 'none' as const, user: address, pinnedFingerprint: null };
  const request = {
    ownerId,
    address,
    password: dovecot.password,
    name: 'Ada',
    imap: { ...server, port: imapPort },
    smtp: { ...server, port: smtpPort },
  };
  const setupId = await createSetup(db, ring, request, new Date());
  await queues.add('process', { setupId });
  return setupId;
}

/** The longest that a worker may take to try a setup, in milliseconds. */
const longest = 60_000;

/** Waits for the account that a setup becomes. @throws Error when it is refused, or not tried in time */
export async function accountOf(
  { db, userId }: BenchStack,
  setupId: string,
  ownerId = userId,
): Promise<string> {
  const end = performance.now() + longest;
  for (;;) {
    if (performance.now() > end) throw new Error('The account was not tried in time.');
    const view = await setupView(db, ownerId, setupId);
    if (view?.accountId !== null && view !== null) return view.accountId;
    if (view?.status === 'failed')
      throw new Error(`The account was refused: ${JSON.stringify(view.problem)}`);
    await pause(10);
  }
}
