import { TRPCClientError } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DraftView } from '#api/views.ts';
import { contentOf } from './draft-content.ts';
import { createDraftSaver, type DraftServer } from './draft-saver.ts';

const draft: DraftView = {
  ...{ id: 'd', accountId: 'a', version: 1, identityId: 'i', to: [], cc: [], bcc: [], subject: '', text: '' },
  ...{ html: null, requestReceipt: false, requestDsn: false, requireTls: false },
  ...{ relatedEmailId: null, relation: null, attachments: [], updatedAt: 0 },
};
const written = (text: string) => ({ ...contentOf(draft), text });

function refusal(code: string): Error {
  return TRPCClientError.from({
    error: { message: code, code: -32_000, data: { problem: { code, detail: null } } },
  });
}

/** A server that keeps one draft as the real one does. */
function fakeServer() {
  const stored = { version: 1, text: '', saves: [] as string[], losesAnswer: false, isAway: false };
  const calls: DraftServer = {
    create: async () => ({ id: 'made', version: 1 }),
    async save({ version, text }) {
      if (stored.isAway) throw new Error('nobody answers');
      if (version !== stored.version) throw refusal('version_conflict');
      stored.version += 1;
      stored.text = text;
      stored.saves.push(text);
      if (stored.losesAnswer) throw new Error('the answer was lost');
      return { version: stored.version };
    },
    get: async () => ({ ...draft, version: stored.version, text: stored.text }),
  };
  return { stored, calls };
}

function setUp(view = draft, isUpToDate = true) {
  const { stored, calls } = fakeServer();
  const kept = new Map<string, string>();
  /** How many rows were left by each forgetting. */
  const left: number[] = [];
  const saver = createDraftSaver(view, {
    isUpToDate,
    server: calls,
    keeper: {
      keep: ({ draftId, content }) => void kept.set(draftId, content.text),
      forget(draftId) {
        kept.delete(draftId);
        left.push(kept.size);
      },
    },
  });
  return { stored, saver, kept, left };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { onLine: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('saving a draft while it is written', () => {
  it('keeps each change here at once, and on the server within two seconds of steady typing', async () => {
    const { stored, saver, kept } = setUp();
    for (let index = 1; index <= 20; index += 1) {
      saver.change(written(`${index}`));
      expect(kept.get('d')).toBe(`${index}`);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(stored.saves.length).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(2000);
    expect(stored.text).toBe('20');
    expect(saver.state.get().kind).toBe('saved');
  });

  it('tries again until somebody answers', async () => {
    const { stored, saver } = setUp();
    stored.isAway = true;
    saver.change(written('a'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(saver.state.get().kind).toBe('failed');
    stored.isAway = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(stored.text).toBe('a');
  });

  it('takes its own save for its own, though the answer to it was lost', async () => {
    const { stored, saver } = setUp();
    stored.losesAnswer = true;
    saver.change(written('a'));
    expect(await saver.flush()).toBe(false);
    stored.losesAnswer = false;
    saver.change(written('ab'));
    expect(await saver.flush()).toBe(true);
    expect(stored.saves).toEqual(['a', 'ab']);
  });

  it('writes over nobody else, until somebody says so', async () => {
    const { stored, saver } = setUp();
    Object.assign(stored, { version: 7, text: 'theirs' });
    saver.change(written('mine'));
    expect(await saver.flush()).toBe(false);
    expect(saver.state.get().kind).toBe('conflict');
    saver.change(written('mine still'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stored.text).toBe('theirs');
    saver.continueFrom(7);
    await vi.advanceTimersByTimeAsync(10);
    expect(stored.text).toBe('mine still');
  });

  it('goes on over files of its own, whichever answer comes first', async () => {
    const { stored, saver } = setUp();
    stored.version = 3;
    // Two files: the answer to the second one comes first.
    saver.raised(3);
    expect(saver.version()).toBe(1);
    saver.raised(2);
    expect(saver.version()).toBe(3);
    saver.change(written('a'));
    expect(await saver.flush()).toBe(true);
    expect([stored.text, saver.version()]).toEqual(['a', 4]);
  });

  it('goes on over a file that was put on while it saved, and over one of another window', async () => {
    const { stored, saver } = setUp();
    stored.version = 2;
    saver.change(written('a'));
    expect(await saver.flush()).toBe(true);
    stored.version += 1;
    saver.change(written('ab'));
    expect(await saver.flush()).toBe(true);
    expect(stored.saves).toEqual(['a', 'ab']);
  });

  it('takes no file of its own for leave to write over what another window saved before', async () => {
    const { stored, saver } = setUp();
    Object.assign(stored, { version: 3, text: 'theirs' });
    saver.raised(3);
    saver.change(written('mine'));
    expect(await saver.flush()).toBe(false);
    expect(saver.state.get().kind).toBe('conflict');
    expect(stored.text).toBe('theirs');
  });

  it('writes over no newer words that it was opened with, where it goes on from an older version', async () => {
    const { stored, saver } = setUp({ ...draft, text: 'theirs' }, false);
    Object.assign(stored, { version: 2, text: 'theirs' });
    saver.change(written('mine'));
    expect(await saver.flush()).toBe(false);
    expect(saver.state.get().kind).toBe('conflict');
    expect(stored.text).toBe('theirs');
  });

  it('makes a draft that was begun without an answer, and keeps it under its new name', async () => {
    const { stored, saver, kept, left } = setUp({ ...draft, id: 'unmade', version: 0 });
    saver.change(written('a'));
    expect(kept.get('unmade')).toBe('a');
    expect(await saver.remote()).toEqual({ id: 'made', version: 2 });
    expect(stored.text).toBe('a');
    expect([...kept]).toEqual([['made', 'a']]);
    // The new row was there before the old one went.
    expect(left).toEqual([1]);
  });

  it('keeps nothing here once it is sent or closed', async () => {
    const { saver, kept } = setUp();
    saver.change(written('a'));
    await saver.flush();
    saver.forget();
    expect(kept.size).toBe(0);
  });
});
