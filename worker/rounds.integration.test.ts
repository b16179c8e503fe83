import { expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { startDovecot } from '../tests/setup/dovecot.ts';
import { rawMail, startSupervisor, userOf, withFaults } from '../tests/worker/account.ts';
import { atEnd, insertAccount, otherClient, testDeps } from './testing.ts';

const deps = await testDeps({ IMAP_ALIVE_INTERVAL: '60000' });
const supervisor = await startSupervisor(deps);

it('a round in which nothing changed costs two commands a mailbox on a server that has little, and none is looked at twice', async () => {
  const capability = 'IMAP4rev1 ENABLE IDLE LITERAL+ UIDPLUS SPECIAL-USE UNSELECT MOVE NAMESPACE';
  const dovecot = await startDovecot({ capability });
  atEnd(() => dovecot.stop());
  const direct = userOf(dovecot);
  const client = await otherClient(direct);
  const paths = (await client.list()).map(({ path }) => path);
  for (const path of paths) await client.append(path, rawMail(path));
  const { faults, imap } = await withFaults(direct);
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  const refresh = () => supervisor.session(accountId)!.answer({ kind: 'refresh' });
  await refresh();
  // What a first look leaves to be settled is settled by the second.
  await refresh();
  faults.forget();
  expect(await refresh()).toEqual({ ok: true });
  const count = (name: string) => faults.commands.filter((command) => command.name === name).length;
  expect(count('EXAMINE')).toBe(paths.length);
  expect(count('FETCH') + count('UID FETCH')).toBe(paths.length);
  const own = ['EXAMINE', 'FETCH', 'UID FETCH', 'IDLE'];
  expect(faults.commands.map(({ name }) => name).filter((name) => !own.includes(name))).toEqual([
    'LIST',
    'LSUB',
  ]);
  expect(await checkConsistency(deps.db, accountId)).toEqual([]);
});
