import { describe, expect, it } from 'vitest';
import type { MailboxRow } from '../mailboxes/reading.ts';
import type { ListedMailbox } from './imap/listing.ts';
import {
  mailboxRoles,
  massMissingPatience,
  missingMailboxes,
  missingPatience,
  possibleRenames,
} from './plan-mailboxes.ts';

const now = new Date('2026-03-01T10:00:00Z');
const none = new Set<string>();

function row(remoteId: string, values: Partial<MailboxRow> = {}): MailboxRow {
  return {
    accountId: 'a',
    id: remoteId,
    remoteId,
    name: remoteId,
    parentId: null,
    role: null,
    isRoleByHand: false,
    delimiter: '/',
    isSelectable: true,
    isSubscribed: true,
    phase: 'steady',
    cursor: { uidValidity: 7, uidNext: 10, backfillBelow: 1, highestModseq: null },
    emailCount: 0,
    unreadCount: 0,
    remoteCount: 0,
    lastSyncedAt: null,
    missingSince: null,
    problem: null,
    state: 1,
    ...values,
  };
}

function listed(remoteId: string, values: Partial<ListedMailbox> = {}): ListedMailbox {
  return {
    remoteId,
    name: remoteId,
    parentRemoteId: null,
    delimiter: '/',
    role: null,
    isSelectable: true,
    isSubscribed: true,
    status: { messages: 0, uidNext: 10, uidValidity: 7, highestModseq: null },
    ...values,
  };
}

const since = (milliseconds: number) => new Date(now.getTime() - milliseconds);

describe('a mailbox that a listing lacks', () => {
  const others = ['INBOX', 'Sent', 'Drafts'];
  const stored = (missingSince: Date | null) => [
    ...others.map((name) => row(name)),
    row('Lost', { missingSince }),
  ];
  const seen = others.map((name) => listed(name));

  it('is marked first', () => {
    const plan = missingMailboxes(stored(null), seen, none, now);
    expect(plan.gone).toEqual([]);
    expect(plan.waiting.map(({ remoteId }) => remoteId)).toEqual(['Lost']);
  });

  it('is taken for gone when it stays away', () => {
    expect(missingMailboxes(stored(since(missingPatience - 1)), seen, none, now).gone).toEqual([]);
    const { gone } = missingMailboxes(stored(since(missingPatience)), seen, none, now);
    expect(gone.map(({ remoteId }) => remoteId)).toEqual(['Lost']);
  });

  it('is waited for much longer where most of the mailboxes are missing', () => {
    const all = ['A', 'B', 'C', 'D'].map((name) => row(name, { missingSince: since(missingPatience) }));
    expect(missingMailboxes(all, [listed('A')], none, now).gone).toEqual([]);
    const long = all.map((each) => ({ ...each, missingSince: since(massMissingPatience) }));
    expect(missingMailboxes(long, [listed('A')], none, now).gone).toHaveLength(3);
  });

  it('is nobody’s business while a person’s own change waits for the server', () => {
    const plan = missingMailboxes(stored(since(missingPatience)), seen, new Set(['Lost']), now);
    expect(plan).toEqual({ gone: [], waiting: [] });
  });
});

describe('a rename by another client', () => {
  const status = (uidValidity: number, uidNext = 10) => ({
    messages: 1,
    uidNext,
    uidValidity,
    highestModseq: null,
  });
  const cursor = (uidValidity: number) => ({
    uidValidity,
    uidNext: 10,
    backfillBelow: 1,
    highestModseq: null,
  });
  const inbox = row('INBOX', { cursor: cursor(1) });
  const old = row('Old', { cursor: cursor(42) });

  it('is guessed by the UIDVALIDITY', () => {
    const found = possibleRenames(
      [inbox, old],
      [listed('INBOX'), listed('New', { status: status(42) })],
      none,
    );
    expect(found.map((each) => [each.row.remoteId, each.listed.remoteId])).toEqual([['Old', 'New']]);
  });

  it('is not guessed where two mailboxes might be it', () => {
    const two = [listed('New', { status: status(42) }), listed('Other', { status: status(42) })];
    expect(possibleRenames([inbox, old], [listed('INBOX'), ...two], none)).toEqual([]);
    const rivals = [old, row('Older', { cursor: cursor(42) })];
    expect(possibleRenames(rivals, [listed('New', { status: status(42) })], none)).toEqual([]);
  });

  it('is not guessed where the new one has had fewer messages', () => {
    expect(possibleRenames([old], [listed('New', { status: status(42, 9) })], none)).toEqual([]);
  });
});

describe('roles', () => {
  it('a person’s word counts more than the server’s', () => {
    const stored = [row('Mine', { role: 'archive', isRoleByHand: true }), row('Archive', { role: null })];
    const roles = mailboxRoles(stored, [listed('Mine'), listed('Archive', { role: 'archive' })]);
    expect([...roles]).toEqual([['Mine', 'archive']]);
  });

  it('a mailbox that a person has taken its role from gets none', () => {
    const stored = [row('Trash', { role: null, isRoleByHand: true })];
    expect([...mailboxRoles(stored, [listed('Trash', { role: 'trash' })])]).toEqual([]);
  });

  it('the server may move one', () => {
    const stored = [row('Old', { role: 'sent' }), row('New')];
    const roles = mailboxRoles(stored, [listed('Old'), listed('New', { role: 'sent' })]);
    expect([...roles]).toEqual([['New', 'sent']]);
  });

  it('a role made here stays where the server says nothing', () => {
    const roles = mailboxRoles([row('Archive', { role: 'archive' })], [listed('Archive')]);
    expect([...roles]).toEqual([['Archive', 'archive']]);
  });
});
