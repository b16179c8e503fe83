import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { FetchMessageObject, FetchQueryObject } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { fetchBody } from '#mail/sync/imap/fetch-content.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { lookedAt } from './looking-testing.ts';
import { otherClient, testDeps, testImapServer } from './testing.ts';

const deps = await testDeps();
const { db } = deps;

/** So many mails, with a client through which the server gives of one UID what a test makes of its answer. */
async function mailbox(count: number, limits = {}) {
  const imap = testImapServer(`u${randomUUID()}`);
  const other = await otherClient(imap);
  const append = (n: number) =>
    other.append('INBOX', `Subject: ${n}\r\nMessage-ID: <${randomUUID()}@x>\r\n\r\nText of ${n}\r\n`);
  for (let n = 1; n <= count; n += 1) await append(n);
  await other.mailboxOpen('INBOX');
  const account = await lookedAt(deps, imap, limits);
  const { client } = account;
  const fetch = client.fetch.bind(client);
  const server = { withheld: 0, give: nothing, asked: 0 };
  client.fetch = async function* (range, query, options) {
    for await (const message of fetch(range, query, options)) {
      const isContent = message.uid === server.withheld && isForContent(query);
      if (isContent) server.asked += 1;
      const given = isContent ? server.give(message) : message;
      if (given !== null) yield given;
    }
  };
  return { other, append, account, server };
}

function isForContent({ source, bodyStructure }: FetchQueryObject): boolean {
  return source !== undefined || bodyStructure === true;
}

function nothing(_message: FetchMessageObject): FetchMessageObject | null {
  return null;
}

/** Without what was asked for, as where a server says NIL. */
function nil({
  source: _source,
  bodyStructure: _structure,
  ...rest
}: FetchMessageObject): FetchMessageObject {
  return rest;
}

describe.each([
  ['leaves out', nothing],
  ['says NIL of', nil],
])('a mail that the server lists and %s', (_what, give) => {
  it.each([
    ['in the newest window', 3, {}, 2],
    ['in the older mail', 9, { newestWindow: 3, batchMessages: 3 }, 2],
    ['that is large', 3, { sourceLimit: 1 }, 2],
  ])('%s is marked once, and comes when it is opened', async (_where, count, limits, uid) => {
    const { account, server } = await mailbox(count, limits);
    Object.assign(server, { withheld: uid, give });
    // What a listing lacks too is found when it is counted.
    for (let n = 0; n < 2; n += 1) await account.look();
    const { asked } = server;
    for (let n = 0; n < 3; n += 1) await account.look();
    expect(server.asked).toBe(asked);
    const rows = await account.stored();
    expect(rows.map((row) => row.uid)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    expect(rows.filter(({ status }) => status === 'failed').map((row) => row.uid)).toEqual([uid]);
    const emailId = rows.find((row) => row.uid === uid)!.emailId;
    const { rows: said } = await db.execute(
      sql`select body_problem as problem from emails where id = ${emailId}`,
    );
    expect(said).toEqual([{ problem: 'could_not_fetch' }]);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
    server.withheld = 0;
    await fetchBody(account.parts, account.client, emailId);
    expect((await account.stored()).every(({ status }) => status === 'stored')).toBe(true);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it('new is marked, and those beside it come', async () => {
    const { append, account, server } = await mailbox(1);
    await account.look();
    Object.assign(server, { withheld: 3, give });
    for (const n of [2, 3, 4]) await append(n);
    await account.look();
    expect((await account.stored()).map(({ uid, status }) => [uid, status])).toEqual([
      [1, 'stored'],
      [2, 'stored'],
      [3, 'failed'],
      [4, 'stored'],
    ]);
  });
});

it('a large mail that is expunged before its content is asked for is passed over', async () => {
  const { other, account, server } = await mailbox(3, { sourceLimit: 1 });
  const { client } = account;
  const fetch = client.fetch.bind(client);
  client.fetch = async function* (range, query, options) {
    if (query.bodyStructure === true && server.asked === 0) {
      server.asked += 1;
      await other.messageDelete('3', { uid: true });
      await client.noop();
    }
    for await (const message of fetch(range, query, options)) yield message;
  };
  await account.look();
  expect((await account.stored()).map(({ uid, status }) => [uid, status])).toEqual([
    [1, 'stored'],
    [2, 'stored'],
  ]);
});
