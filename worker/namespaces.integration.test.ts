import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { actOnEmails } from '#mail/actions/act.ts';
import { operationProblems } from '#mail/actions/reading.ts';
import { takeFullNames } from '#mail/imap/namespaces.ts';
import { createMailbox } from '#mail/mailboxes/create-mailbox.ts';
import { deleteMailbox } from '#mail/mailboxes/delete-mailbox.ts';
import { moveMailbox, renameMailbox } from '#mail/mailboxes/rename-mailbox.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { sharedNamespace, startDovecot } from '../tests/setup/dovecot.ts';
import { mailboxId, rawMail, storedSubjects, userOf } from '../tests/worker/account.ts';
import { lookedAt } from './looking-testing.ts';
import { atEnd, otherClient, testDeps } from './testing.ts';

const deps = await testDeps();
const { db } = deps;

describe.each([
  ['INBOX.', '.', `namespace inbox {\n  prefix = INBOX.\n  separator = .\n}\n${sharedNamespace('.')}`],
  ['', '/', sharedNamespace('/')],
])('a server whose personal mailboxes lie in "%s", with shared ones', async (prefix, delimiter, extra) => {
  const dovecot = await startDovecot({ extra });
  atEnd(() => dovecot.stop());
  const full = (name: string) => `${prefix}${name.replaceAll('/', delimiter)}`;
  const sharedName = (name: string) => `Shared${delimiter}${name}`;

  async function looked() {
    const imap = userOf(dovecot);
    const other = await otherClient(imap);
    takeFullNames(other);
    for (const name of [full('Grüße'), full('Grüße/日本語'), sharedName('Team')]) {
      await other.mailboxCreate(name);
      await other.append(name, rawMail(`in ${name}`));
    }
    await other.append('INBOX', rawMail('one'));
    const account = await lookedAt(deps, imap);
    const { accountId } = account;
    await account.look();
    return {
      ...account,
      other,
      /** All is as the server has it, in the same tree, and nothing went wrong. */
      async isEqual(): Promise<void> {
        const { rows } = await db.execute<{ path: string; parent: string | null }>(sql`
          select m.remote_id as path, p.remote_id as parent from mailboxes m
          left join mailboxes p on p.account_id = m.account_id and p.id = m.parent_id
          where m.account_id = ${accountId}`);
        const listed = await other.list();
        const tree = listed.map(({ path, parentPath }) => [path, parentPath || null]);
        expect(new Map(rows.map(({ path, parent }) => [path, parent]))).toEqual(new Map(tree as never));
        expect((await operationProblems(db, [accountId])).get(accountId) ?? []).toEqual([]);
        expect(await checkConsistency(db, accountId)).toEqual([]);
      },
      move: async (from: string, to: string) => {
        const emailIds = (await account.stored(from)).map(({ emailId }) => emailId);
        const toMailboxId = await mailboxId(deps, accountId, to);
        const about = { accountId, mailboxId: null, threadIds: [], emailIds };
        await actOnEmails(db, { ...about, action: { kind: 'move', toMailboxId } });
      },
    };
  }

  const subjects = (accountId: string, name: string) => storedSubjects(deps, accountId, name);

  it('is read whole, the shared ones under a head of their own', async () => {
    const { accountId, isEqual, mailbox } = await looked();
    for (const name of [full('Grüße'), full('Grüße/日本語'), sharedName('Team')])
      expect(await subjects(accountId, name)).toEqual([`in ${name}`]);
    expect(await mailbox('Shared')).toMatchObject({ name: 'Shared', isSelectable: false, parentId: null });
    expect(await mailbox(sharedName('Team'))).toMatchObject({
      name: 'Team',
      parentId: (await mailbox('Shared')).id,
    });
    expect(await mailbox(full('Trash'))).toMatchObject({ role: 'trash' });
    await isEqual();
  });

  it('takes new, renamed, moved and deleted mailboxes, and mail moved between all of them', async () => {
    const account = await looked();
    const { accountId, isEqual, move, look, carryOut } = account;
    const { mailboxId: made } = await createMailbox(db, { accountId, name: 'Ärger', parentId: null });
    const inner = await createMailbox(db, { accountId, name: 'Innen', parentId: made });
    await carryOut();
    await look();
    await isEqual();
    await move('INBOX', full('Ärger/Innen'));
    await renameMailbox(db, { accountId, mailboxId: made, name: 'Übel' });
    await carryOut();
    await look();
    await isEqual();
    expect(await mailboxId(deps, accountId, full('Übel'))).toBe(made);
    expect(await subjects(accountId, full('Übel/Innen'))).toEqual(['one']);
    // Into a shared one and out of it again.
    await move(full('Übel/Innen'), sharedName('Team'));
    await carryOut();
    await look();
    expect((await subjects(accountId, sharedName('Team'))).toSorted()).toEqual([
      `in ${sharedName('Team')}`,
      'one',
    ]);
    await moveMailbox(db, { accountId, mailboxId: inner.mailboxId, parentId: null });
    await carryOut();
    await look();
    await isEqual();
    expect(await mailboxId(deps, accountId, full('Innen'))).toBe(inner.mailboxId);
    await move(sharedName('Team'), full('Innen'));
    await carryOut();
    await deleteMailbox(db, accountId, made);
    await carryOut();
    await look();
    await isEqual();
    expect(await subjects(accountId, full('Innen'))).toHaveLength(2);
    expect(account.sources).toHaveLength(4);
  });

  it('takes what was made and changed before the server was told of any of it', async () => {
    const { accountId, isEqual, move, look, carryOut } = await looked();
    const { mailboxId: one } = await createMailbox(db, { accountId, name: 'Eins', parentId: null });
    const { mailboxId: two } = await createMailbox(db, { accountId, name: 'Zwei', parentId: one });
    await move('INBOX', `Eins${delimiter}Zwei`);
    await renameMailbox(db, { accountId, mailboxId: one, name: 'Uno' });
    await moveMailbox(db, { accountId, mailboxId: two, parentId: null });
    await renameMailbox(db, { accountId, mailboxId: two, name: 'Due' });
    await carryOut();
    await look();
    await isEqual();
    expect(await mailboxId(deps, accountId, full('Uno'))).toBe(one);
    expect(await mailboxId(deps, accountId, full('Due'))).toBe(two);
    expect(await subjects(accountId, full('Due'))).toEqual(['one']);
  });

  it('a new mailbox of a name that there is already is taken back, and said', async () => {
    const { accountId, look, carryOut, stored } = await looked();
    const create = createMailbox(db, { accountId, name: 'Grüße', parentId: null });
    if (prefix === '') await expect(create).rejects.toMatchObject({ code: 'mailbox_exists' });
    else {
      await create;
      for (let tries = 0; tries < 3; tries += 1) {
        await db.execute(
          sql`update pending_operations set next_attempt_at = 'epoch' where account_id = ${accountId}`,
        );
        await carryOut();
      }
      const said = (await operationProblems(db, [accountId])).get(accountId);
      expect(said).toMatchObject([{ problem: { code: 'mailbox_exists', detail: 'Grüße' } }]);
    }
    await look();
    expect(await stored(full('Grüße'))).toHaveLength(1);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});
