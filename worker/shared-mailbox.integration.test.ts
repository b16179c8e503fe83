import { expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { sharedNamespace, startDovecot } from '../tests/setup/dovecot.ts';
import {
  accountRow,
  mailboxId,
  rawMail,
  startSupervisor,
  storedSubjects,
  userOf,
} from '../tests/worker/account.ts';
import { atEnd, insertAccount, otherClient, testDeps, until } from './testing.ts';

const deps = await testDeps({ SYNC_POLL_INTERVAL: '600000' });
const supervisor = await startSupervisor(deps);

it('what comes into a shared mailbox that somebody has open is shown at once', async () => {
  const dovecot = await startDovecot({ extra: sharedNamespace('/') });
  atEnd(() => dovecot.stop());
  const imap = userOf(dovecot);
  const other = await otherClient(imap);
  const name = 'Shared/Team';
  await other.mailboxCreate(name);
  await other.append(name, rawMail('1'));
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  const subjects = () => storedSubjects(deps, accountId, name);
  await until(subjects, (seen) => seen.length === 1);
  const session = supervisor.session(accountId)!;
  await session.answer({ kind: 'refresh' });
  // By NOTIFY it hears of all personal mailboxes, which says nothing of this one.
  expect((await accountRow(deps, accountId)).liveBy).toBe('notify');
  session.poke({ kind: 'watch', mailboxId: await mailboxId(deps, accountId, name) });
  await session.answer({ kind: 'refresh' });
  for (const subject of ['2', '3']) {
    await other.append(name, rawMail(subject));
    await until(subjects, (seen) => seen.at(-1) === subject, 5000);
  }
  expect(await checkConsistency(deps.db, accountId)).toEqual([]);
});
