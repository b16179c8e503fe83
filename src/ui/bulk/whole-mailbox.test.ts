import { describe, expect, it } from 'vitest';
import type { AccountView, MailboxView, Role } from '#api/views.ts';
import { mailboxesOf, mailsIn, touchedBy } from './whole-mailbox.ts';

function mailbox(id: string, role: Role | null, emailCount: number): MailboxView {
  return {
    ...{ id, accountId: 'a', name: id, parentId: null, role, emailCount, unreadCount: 0, remoteCount: null },
    ...{ isSelectable: true, isSubscribed: true, isRoleByHand: false, isSynced: true },
    ...{ lastSyncedAt: null, problem: null },
  };
}

const one = [mailbox('in1', 'inbox', 3000), mailbox('bin1', 'trash', 0), mailbox('trips', null, 20)];
const two = [mailbox('in2', 'inbox', 500)];
const accounts = [
  { id: 'one', mailboxes: one },
  { id: 'two', mailboxes: two },
] as unknown as AccountView[];
const ids = (mailboxes: MailboxView[]) => mailboxes.map(({ id }) => id);

describe('a whole mailbox', () => {
  it('is one, or that of every account where the list shows all of them', () => {
    expect(ids(mailboxesOf({ account: 'one', box: 'trips' }, accounts))).toEqual(['trips']);
    const inboxes = mailboxesOf({ account: 'all', box: 'inbox' }, accounts);
    expect(ids(inboxes)).toEqual(['in1', 'in2']);
    expect(mailsIn(inboxes)).toBe(3500);
  });

  it('is none where a list shows what lies anywhere, or is written', () => {
    for (const box of ['flagged', 'drafts', 'outbox'])
      expect(mailboxesOf({ account: 'all', box }, accounts)).toEqual([]);
  });

  it('is touched where there is mail that is not there already', () => {
    expect(ids(touchedBy({ kind: 'moveToRole', role: 'trash' }, one))).toEqual(['in1', 'trips']);
    expect(ids(touchedBy({ kind: 'moveToRole', role: 'inbox' }, one))).toEqual(['trips']);
    expect(ids(touchedBy({ kind: 'move', toMailboxId: 'trips' }, one))).toEqual(['in1']);
    expect(ids(touchedBy({ kind: 'keyword', keyword: '$seen', isSet: true }, one))).toEqual(['in1', 'trips']);
  });
});
