import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Threaded } from './assign.ts';
import { planThreads, type ThreadCandidate } from './plan.ts';

function ids() {
  let next = 0;
  return () => {
    next += 1;
    return `t${String(next).padStart(6, '0')}`;
  };
}

function mail(emailId: string, given: Partial<Threaded> = {}): Threaded {
  return {
    emailId,
    messageId: `${emailId}@x`,
    remoteThreadId: null,
    inReplyTo: [],
    references: [],
    baseSubject: 'lunch',
    isReply: false,
    people: [
      { name: '', address: 'ada@x' },
      { name: '', address: 'bob@x' },
    ],
    receivedAt: new Date(Date.UTC(2026, 8, 1)),
    ...given,
  };
}

function plan(
  mails: readonly Threaded[],
  known = new Map<string, string>(),
  candidates: readonly ThreadCandidate[] = [],
) {
  return planThreads(mails, known, candidates, ids());
}

/** The groups of a plan, as sorted lists of mails. */
function groups(threadOf: ReadonlyMap<string, string>): string[][] {
  return [...Map.groupBy(threadOf.keys(), (emailId) => threadOf.get(emailId)).values()]
    .map((group) => group.sort())
    .sort();
}

describe('by reference', () => {
  it('an answer joins what it answers, whichever comes first', () => {
    const parent = mail('a');
    const child = mail('b', { inReplyTo: ['a@x'] });
    expect(groups(plan([parent, child]).threadOf)).toEqual([['a', 'b']]);
    expect(groups(plan([child, parent]).threadOf)).toEqual([['a', 'b']]);
  });

  it('children of a parent that never comes are one conversation', () => {
    const mails = [mail('b', { references: ['gone@x'] }), mail('c', { references: ['gone@x'] })];
    expect(groups(plan(mails).threadOf)).toEqual([['b', 'c']]);
  });

  it('a mail that joins two threads merges them into the older', () => {
    const known = new Map([
      ['a@x', 't-older'],
      ['b@x', 't-younger'],
    ]);
    const made = plan([mail('c', { references: ['a@x', 'b@x'] })], known);
    expect(made.threadOf.get('c')).toBe('t-older');
    expect([...made.merged]).toEqual([['t-younger', 't-older']]);
  });

  it('the order in which mails come changes nothing', () => {
    const parents = fc.array(fc.option(fc.nat(19), { nil: null }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(parents, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (links, random) => {
        const mails = links.map((parent, index) =>
          mail(
            `m${index}`,
            parent === null || parent >= links.length ? {} : { references: [`m${parent}@x`] },
          ),
        );
        const shuffled = mails
          .map((value) => ({ value, at: random.next().value }))
          .sort((one, other) => one.at - other.at)
          .map(({ value }) => value);
        expect(groups(plan(shuffled).threadOf)).toEqual(groups(plan(mails).threadOf));
      }),
    );
  });

  it('no merged thread is any mail’s, and no id leads to one', () => {
    const known = new Map([
      ['1@x', 't1'],
      ['2@x', 't2'],
      ['3@x', 't3'],
    ]);
    const made = plan(
      [mail('a', { references: ['2@x', '3@x'] }), mail('b', { references: ['1@x', '3@x'] })],
      known,
    );
    expect(new Set(made.threadOf.values())).toEqual(new Set(['t1']));
    expect(Object.fromEntries(made.merged)).toEqual({ t3: 't1', t2: 't1' });
    expect(new Set(made.messageIds.values())).toEqual(new Set(['t1']));
  });
});

describe('by subject', () => {
  const stored: ThreadCandidate = {
    threadId: 't-stored',
    baseSubject: 'lunch',
    receivedAt: new Date(Date.UTC(2026, 7, 20)),
    people: ['ada@x', 'bob@x'],
    window: 30,
  };
  const answer = mail('re', { isReply: true });

  it('an answer without any reference joins the same subject among the same people', () => {
    expect(plan([answer], new Map(), [stored]).threadOf.get('re')).toBe('t-stored');
  });

  it.each([
    ['is no answer', { ...answer, isReply: false }, stored],
    ['names another parent', { ...answer, inReplyTo: ['elsewhere@x'] }, stored],
    ['comes too late', { ...answer, receivedAt: new Date(Date.UTC(2026, 9, 1)) }, stored],
    [
      'is among other people',
      {
        ...answer,
        people: [
          { name: '', address: 'eve@x' },
          { name: '', address: 'ada@x' },
        ],
      },
      stored,
    ],
    ['has an empty subject', { ...answer, baseSubject: '' }, { ...stored, baseSubject: '' }],
  ])('a mail that %s does not', (_reason, asked, candidate) => {
    expect(plan([asked], new Map(), [candidate]).threadOf.get('re')).not.toBe('t-stored');
  });
});

describe('with conversations of the source’s own', () => {
  it('mails of one of them are one thread, whatever they refer to', () => {
    const { threadOf } = plan([
      mail('one', { remoteThreadId: '17', baseSubject: 'a' }),
      mail('two', { remoteThreadId: '17', baseSubject: 'b' }),
    ]);
    expect(groups(threadOf)).toEqual([['one', 'two']]);
  });

  it('what refers across them stays apart', () => {
    const { threadOf } = plan([
      mail('one', { remoteThreadId: '17' }),
      mail('two', { remoteThreadId: '18', inReplyTo: ['one@x'], references: ['one@x'], isReply: true }),
    ]);
    expect(groups(threadOf)).toEqual([['one'], ['two']]);
  });

  it('an own answer that the source has not seen yet joins by its references', () => {
    const { threadOf } = plan([
      mail('one', { remoteThreadId: '17' }),
      mail('mine', { inReplyTo: ['one@x'], references: ['one@x'], isReply: true }),
    ]);
    expect(groups(threadOf)).toEqual([['mine', 'one']]);
  });
});
