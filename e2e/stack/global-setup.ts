import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bringUp } from '../../scripts/demo/stack.ts';
import { writePrivateFile } from '../../scripts/private-file.ts';
import { Services } from '../../scripts/processes.ts';
import { startDovecot } from '../../tests/setup/dovecot.ts';
import { freePort } from '../../tests/setup/free-port.ts';
import { startSmtp } from '../../tests/setup/smtp.ts';
import type { E2eStack } from './stack.ts';

/** Ports of its own for each of what comes up: two stacks that start at the same moment would find the same ones free. */
async function takePorts(state: string): Promise<void> {
  const notes = ['web.port', 'demo-mail/imap.port', 'demo-mail/smtp.port'];
  for (const note of notes) writePrivateFile(join(state, note), `${await freePort()}\n`);
}

/** The whole program as the first command brings it up, on a state of its own, and a Dovecot with SMTP beside it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const state = mkdtempSync(join(tmpdir(), 'mailroom-e2e-'));
  await takePorts(state);
  const services = new Services();
  const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
  try {
    const { address, users } = await bringUp(
      { root, state, databaseUrl: null, hasDemoMail: true, postgresPort: await freePort() },
      'demo',
      services,
    );
    const dovecot = await startDovecot();
    const smtp = await startSmtp(dovecot.password);
    services.add('mail', {
      name: 'dovecot',
      ended: new Promise(() => undefined),
      stop: () => dovecot.stop(),
    });
    services.add('mail', { name: 'smtp', ended: new Promise(() => undefined), stop: () => smtp.stop() });
    const stack: E2eStack = {
      address,
      signingKeyFile: join(state, 'keys', 'signing.key'),
      users: users.map(({ email, name, password, role }) => ({ email, name, password, role })),
      dovecot: { port: dovecot.port, smtpPort: smtp.port, password: dovecot.password },
    };
    process.env.E2E_STACK = JSON.stringify(stack);
  } catch (error) {
    await services.stopAll(() => undefined);
    throw error;
  }
  return async () => {
    await services.stopAll(() => undefined);
    const results = process.env.E2E_RESULTS ?? join(root, 'test-results', 'e2e');
    cpSync(join(state, 'logs'), join(results, 'logs'), { recursive: true });
    rmSync(state, { recursive: true, force: true });
  };
}
