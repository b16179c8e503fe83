import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { EmailAction } from '#mail/views.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { act, behind, deps, mail, onServer, problems } from '../tests/worker/waiting-actions.ts';
import { lookedAt } from './looking-testing.ts';

const { db } = deps;

describe('a mail that is moved on from where nobody has said that it lies', () => {
  /** A mail in a mailbox of which the server has not said as which UID. */
  async function brought(path: string) {
    const found = await behind('plain', []);
    const { other, account } = found;
    await other.mailboxCreate('Next');
    await other.append(path, mail('one'));
    await account.look();
    const [copy] = await account.stored(path);
    await db.execute(sql`update mailbox_emails set uid = null, uid_validity = null where id = ${copy!.id}`);
    return { ...found, copy: copy!, next: await account.mailbox('Next') };
  }

  it.each([false, true])(
    'goes there, and takes its star with it (a look in between: %s)',
    async (isLooked) => {
      const { other, account, copy, next } = await brought('Target');
      await act(account, [copy.emailId], { kind: 'keyword', keyword: '$flagged', isSet: true });
      await act(account, [copy.emailId], { kind: 'move', toMailboxId: next.id });
      if (isLooked) {
        await db.execute(sql`update mailboxes set cursor = null where account_id = ${account.accountId}`);
        await account.look();
        expect(await account.stored('Target')).toHaveLength(1);
      }
      await account.carryOut();
      expect(await onServer(other, 'Target')).toEqual({});
      expect(await onServer(other, 'Next')).toEqual({ one: ['\\Flagged'] });
      await account.look();
      expect(await account.stored('Target')).toEqual([]);
      expect(await account.stored('Next')).toMatchObject([{ id: copy.id, keywords: ['$flagged'] }]);
      expect(await problems(account)).toEqual([]);
      expect(await checkConsistency(db, account.accountId)).toEqual([]);
    },
  );

  it('is destroyed there', async () => {
    const { other, account, copy } = await brought('Trash');
    const { id } = await account.mailbox('Trash');
    await act(account, [copy.emailId], { kind: 'moveToRole', role: 'trash' }, id);
    await account.carryOut();
    expect(await onServer(other, 'Trash')).toEqual({});
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });
});

describe('a worker that is killed before it hears that mails were copied', () => {
  it.each(['move', 'copy'] as const)('does not copy them again (%s)', async (kind) => {
    const { other, proxy, imap, account } = await behind('plain', [mail('one'), mail('two')]);
    const emailIds = (await account.stored()).map(({ emailId }) => emailId);
    const target = await account.mailbox('Target');
    const action: EmailAction = { kind, toMailboxId: target.id };
    await act(account, emailIds, action);
    proxy.onCommand = (name) => (name === 'UID COPY' ? 'drop-answer' : null);
    await expect(account.carryOut()).rejects.toThrow();
    proxy.onCommand = null;
    // A process that is killed writes nothing down.
    await db.execute(sql`
      update pending_operations set problem = null, next_attempt_at = now() where account_id = ${account.accountId}`);
    const again = await lookedAt(deps, imap, {}, account.accountId);
    await again.look();
    await again.carryOut();
    await again.look();
    const both = { one: [], two: [] };
    expect(await onServer(other, 'Target')).toEqual(both);
    expect(await other.status('Target', { messages: true })).toMatchObject({ messages: 2 });
    expect(await again.stored('Target')).toHaveLength(2);
    expect(await onServer(other, 'INBOX')).toEqual(kind === 'move' ? {} : both);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });
});
