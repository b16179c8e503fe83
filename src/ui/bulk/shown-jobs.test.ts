import { describe, expect, it } from 'vitest';
import type { BulkJobView } from '#api/views.ts';
import { shownJobs } from './shown-jobs.ts';

function job(id: string, part: Partial<BulkJobView>): BulkJobView {
  return {
    ...{ id, accountId: 'a', action: 'moveToRole', status: 'done', direction: 'forth', total: 9, done: 9 },
    ...{ changed: 9, problem: null, canUndo: true, createdAt: 0, finishedAt: 1 },
    ...part,
  };
}
const mine = { work: 'archive', mailbox: '' } as const;
const shown = (jobs: BulkJobView[], dismissed: string[] = []) =>
  shownJobs(jobs, { jobs: { mine }, dismissed: new Set(dismissed) }).map(({ id }) => id);

describe('the jobs that are spoken of', () => {
  it('are those under way, whoever began them, also where they were dismissed before they were taken back', () => {
    expect(shown([job('theirs', { status: 'running' }), job('mine', { status: 'waiting' })])).toEqual([
      'theirs',
      'mine',
    ]);
    expect(shown([job('mine', { status: 'running', direction: 'back' })], ['mine'])).toEqual(['mine']);
  });

  it('are those that failed, until they are dismissed', () => {
    expect(shown([job('theirs', { status: 'failed' })])).toEqual(['theirs']);
    expect(shown([job('theirs', { status: 'failed' })], ['theirs'])).toEqual([]);
  });

  it('are those begun here that are through or stopped, but not what was taken back', () => {
    expect(shown([job('theirs', {}), job('mine', {})])).toEqual(['mine']);
    expect(shown([job('mine', { status: 'stopped' })])).toEqual(['mine']);
    expect(shown([job('mine', { direction: 'back' })])).toEqual([]);
  });
});
