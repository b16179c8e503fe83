import { describe, expect, it } from 'vitest';
import type { ListRow } from '#api/views.ts';
import { changeRows, insertRows, type ListData, mergeHead, rowsOf } from './list-cache.ts';

function row(receivedAt: number, threadId = `t${receivedAt}`): ListRow {
  return {
    accountId: 'a',
    mailboxId: 'm',
    threadId,
    emailId: `e${receivedAt}`,
    people: [],
    count: 1,
    unread: 0,
    subject: '',
    snippet: '',
    receivedAt,
    isFlagged: false,
    isAnswered: false,
    hasAttachment: false,
    isBroken: false,
  };
}

function list(...pages: number[][]): ListData {
  return {
    pages: pages.map((times, index) => ({
      rows: times.map((time) => row(time)),
      nextCursor: index === pages.length - 1 ? null : `c${index}`,
    })),
    pageParams: pages.map(() => null),
  };
}

const times = (data: ListData | null) => rowsOf(data ?? undefined).map((each) => each.receivedAt);

describe('changing the rows of a list', () => {
  it('keeps pages that nothing changed', () => {
    const data = list([9, 8], [7, 6]);
    const changed = changeRows(data, (each) => (each.receivedAt === 7 ? null : each));
    expect(times(changed)).toEqual([9, 8, 6]);
    expect(changed.pages[0]).toBe(data.pages[0]);
  });

  it('is the same list where no row changed', () => {
    const data = list([9, 8]);
    expect(changeRows(data, (each) => each)).toBe(data);
  });

  it('puts a row back where its time says', () => {
    expect(times(insertRows(list([9, 7], [5, 3]), [row(6), row(10), row(1)]))).toEqual([
      10, 9, 7, 6, 5, 3, 1,
    ]);
  });

  it('leaves a row older than the loaded pages to be loaded', () => {
    const data = list([9, 8]);
    const page = data.pages[0]!;
    const open = { ...data, pages: [{ ...page, nextCursor: 'more' }] };
    expect(times(insertRows(open, [row(1)]))).toEqual([9, 8]);
  });
});

describe('a new first page over an old list', () => {
  const old = list([9, 8, 7], [6, 5], [4]);

  it('keeps the older pages and what was pushed out', () => {
    const head = { rows: [row(11), row(10), row(9)], nextCursor: 'x' };
    expect(times(mergeHead(old, head, 'conversations'))).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
  });

  it('shows a conversation that came up once only', () => {
    const head = { rows: [row(12, 't5'), row(9), row(8)], nextCursor: 'x' };
    expect(times(mergeHead(old, head, 'conversations'))).toEqual([12, 9, 8, 7, 6, 4]);
  });

  it('drops what left the first page', () => {
    const head = { rows: [row(9), row(7), row(6)], nextCursor: 'x' };
    expect(times(mergeHead(old, head, 'conversations'))).toEqual([9, 7, 6, 5, 4]);
  });

  it('refuses where the two do not meet', () => {
    const head = { rows: [row(22), row(21)], nextCursor: 'x' };
    expect(mergeHead(old, head, 'conversations')).toBeNull();
  });

  it('refuses where one page is all there is', () => {
    expect(mergeHead(list([3]), { rows: [row(4)], nextCursor: null }, 'conversations')).toBeNull();
  });
});
