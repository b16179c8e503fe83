import { describe, expect, it } from 'vitest';
import type { SubmissionView } from '#api/views.ts';
import { outboxGroups } from './outbox-groups.ts';

function submission(id: string, part: Partial<SubmissionView>): SubmissionView {
  return {
    ...{ id, accountId: 'a', emailId: id, threadId: id, status: 'queued', subject: id, to: [], sendAt: 0 },
    ...{ timeZone: null, archiveAfterSending: false, waiting: null, attempts: 0, nextAttemptAt: 0 },
    ...{ refused: [], deferred: [], problem: null },
    ...part,
  };
}

describe('the outbox in groups', () => {
  it('shows first what asks for somebody, and in each what leaves first', () => {
    const groups = outboxGroups([
      submission('undo', { status: 'scheduled' }),
      submission('late', { status: 'scheduled', timeZone: 'Europe/Lisbon', sendAt: 9 }),
      submission('soon', { status: 'scheduled', timeZone: 'Europe/Lisbon', sendAt: 5 }),
      submission('partly', { status: 'sent', refused: [{ address: 'x@x.org', reply: 'no' }] }),
      submission('unknown', { status: 'unconfirmed' }),
      submission('unreported', {
        status: 'sent',
        problem: { code: 'dsn_not_offered', detail: null, at: 1 },
      }),
      submission('busy', {
        status: 'sent',
        deferred: [{ address: 'y@x.org', reply: '451 later' }],
        sendAt: 9,
      }),
    ]);
    expect(groups.map(({ group, submissions }) => [group, submissions.map(({ id }) => id)])).toEqual([
      ['failed', ['unknown']],
      ['refused', ['partly']],
      ['short', ['unreported']],
      ['scheduled', ['soon', 'late']],
      ['waiting', ['undo', 'busy']],
    ]);
  });

  it('has none where there is nothing', () => {
    expect(outboxGroups([])).toEqual([]);
  });
});
