import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { accounts } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { type Messages, NoAnswer } from '#platform/messages.ts';
import { newTestMailboxes } from '../sync/testing.ts';
import { refreshAccounts } from './refresh.ts';

const db = await testDatabase();
const now = () => new Date('2026-03-01T12:00:00Z');

/** Other processes that answer by account; one that is not named never does. */
function answering(answers: Record<string, unknown>): { messages: Messages; asked: string[] } {
  const asked: string[] = [];
  const nothing = async () => undefined;
  return {
    asked,
    messages: {
      publish: nothing,
      subscribe: async () => nothing,
      hear: async () => nothing,
      close: nothing,
      ask: async (topic, body) => {
        expect(body).toEqual({ kind: 'refresh' });
        const accountId = topic.slice('asked.'.length);
        asked.push(accountId);
        if (!(accountId in answers)) throw new NoAnswer(topic);
        return answers[accountId];
      },
    },
  };
}

async function accountsOf(...statuses: (typeof accounts.$inferInsert)['status'][]): Promise<string[]> {
  const ids: string[] = [];
  for (const status of statuses) {
    const { accountId } = await newTestMailboxes(db);
    await db
      .update(accounts)
      .set({ status: status ?? 'active' })
      .where(eq(accounts.id, accountId));
    ids.push(accountId);
  }
  return ids;
}

it('one account that fails, and one that says nothing, leave the others their answers', async () => {
  const [good = '', bad = '', silent = ''] = await accountsOf('active', 'active', 'waiting');
  const { messages } = answering({
    [good]: { ok: true },
    [bad]: { ok: false, code: 'unreachable', detail: 'mail.example' },
  });
  const answers = await refreshAccounts({ db, messages, now, until: async () => null }, [good, bad, silent]);
  const problem = (code: string, detail: string | null = null) => ({ code, detail, at: now().getTime() });
  expect(new Map(answers.map((answer) => [answer.accountId, answer]))).toEqual(
    new Map([
      [good, { accountId: good, ok: true, problem: null }],
      [bad, { accountId: bad, ok: false, problem: problem('unreachable', 'mail.example') }],
      [silent, { accountId: silent, ok: false, problem: problem('no_answer_yet') }],
    ]),
  );
});

it('accounts that nobody synchronises are not waited for', async () => {
  const ids = await accountsOf('paused', 'needs_password');
  const { messages, asked } = answering({});
  const answers = await refreshAccounts({ db, messages, now, until: async () => null }, ids);
  expect(asked).toEqual([]);
  expect(answers.map(({ problem }) => problem?.code).sort()).toEqual(['account_paused', 'wrong_password']);
});

it('an account that was asked too often says until when', async () => {
  const [often = '', free = ''] = await accountsOf('active', 'active');
  const { messages, asked } = answering({ [free]: { ok: true } });
  const at = new Date('2026-03-01T12:04:00Z');
  const until = async (accountId: string) => (accountId === often ? at : null);
  const answers = await refreshAccounts({ db, messages, now, until }, [often, free]);
  expect(asked).toEqual([free]);
  expect(answers.find(({ accountId }) => accountId === often)).toMatchObject({
    ok: false,
    problem: { code: 'too_often', detail: at.toISOString() },
  });
});
