import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { StoredAddress } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { makeAccount } from '../outbox/testing.ts';
import { receive } from '../sync/testing.ts';
import { completePeople } from './complete.ts';
import { accountsToLearnFrom, learnPeople } from './learn.ts';
import { forgetPerson, rememberPeople } from './write.ts';

const db = await testDatabase();
const day = 24 * 3_600_000;
const now = new Date();
const daysAgo = (days: number) => new Date(now.getTime() - days * day);
const person = (name: string, address: string): StoredAddress => ({ name, address });
const account = () => makeAccount(db, { smtpPort: 1, password: 'p' });

async function knowing(meetings: [person: StoredAddress, kind: 'written' | 'received', days: number][]) {
  const { accountId } = await account();
  await db.transaction((tx) =>
    rememberPeople(
      tx,
      accountId,
      meetings.map(([who, kind, days]) => ({ person: who, kind, at: daysAgo(days) })),
    ),
  );
  return accountId;
}

async function completed(accountId: string, query: string): Promise<string[]> {
  return (await completePeople(db, [accountId], query)).map(({ address }) => address);
}

describe('completing a recipient', () => {
  it('finds beginnings of each word of name and address, accents and case aside', async () => {
    const accountId = await knowing([
      [person('Zoë Müller-Łuk', 'zoe@Bücher.example'), 'written', 1],
      [person('', 'bob.smith@work.example'), 'written', 1],
    ]);
    for (const query of ['zoe', 'ZOË', 'mull', 'zoe mu', 'bucher', 'zoe@bu', 'mü zo'])
      expect(await completed(accountId, query), query).toEqual(['zoe@Bücher.example']);
    for (const query of ['bob', 'smith', 'bob.sm', 'work', 'bob.smith@work.ex'])
      expect(await completed(accountId, query), query).toEqual(['bob.smith@work.example']);
    for (const query of ['oe', 'mith', 'x', '%', '_', '\\', '', '  ', 'zoe bob'])
      expect(await completed(accountId, query), query).toEqual([]);
  });

  it('puts those first who are written to often and lately, and who only writes last', async () => {
    const accountId = await knowing([
      [person('Ann', 'ann.once@x.example'), 'written', 1],
      [person('Ann', 'ann.often@x.example'), 'written', 2],
      [person('Ann', 'ann.often@x.example'), 'written', 3],
      [person('Ann', 'ann.often@x.example'), 'written', 4],
      ...Array.from(
        { length: 5 },
        () => [person('Ann', 'ann.past@x.example'), 'written', 700] as [StoredAddress, 'written', number],
      ),
      ...Array.from(
        { length: 9 },
        () => [person('Ann', 'ann.writes@x.example'), 'received', 0] as [StoredAddress, 'received', number],
      ),
    ]);
    expect(await completed(accountId, 'ann')).toEqual([
      'ann.often@x.example',
      'ann.once@x.example',
      'ann.past@x.example',
      'ann.writes@x.example',
    ]);
  });

  it('names each address once over all accounts, by its newest name, and ten at most', async () => {
    const first = await knowing([[person('Old Name', 'eve@x.example'), 'written', 9]]);
    const second = await knowing([
      [person('New Name', 'EVE@x.example'), 'written', 1],
      [person('', 'eve@x.example'), 'written', 0],
      ...Array.from(
        { length: 20 },
        (_none, index) =>
          [person('Crowd', `c${index}@x.example`), 'written', 1] as [StoredAddress, 'written', number],
      ),
    ]);
    const found = await completePeople(db, [first, second], 'eve');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ name: 'New Name', lastWrittenAt: expect.any(Number) });
    expect(await completePeople(db, [first, second], 'crowd')).toHaveLength(10);
    expect(await completePeople(db, [], 'eve')).toEqual([]);
  });

  it('offers nobody whom the person has forgotten, until they are written to again', async () => {
    const eve = person('Eve', 'Eve@x.example');
    const accountId = await knowing([[eve, 'written', 1]]);
    const other = await knowing([[eve, 'written', 1]]);
    await forgetPerson(db, [accountId], ' eve@X.example');
    expect(await completed(accountId, 'eve')).toEqual([]);
    expect(await completed(other, 'eve')).toEqual(['Eve@x.example']);
    await db.transaction((tx) => rememberPeople(tx, accountId, [{ person: eve, kind: 'written', at: now }]));
    expect(await completed(accountId, 'eve')).toEqual(['Eve@x.example']);
  });

  it('stays fast among ten thousand people', async () => {
    const crowd = Array.from({ length: 10_000 }, (_none, index) => [
      person(`Person Number${index}`, `p${index}@crowd.example`),
      'written' as const,
      index % 300,
    ]) satisfies [StoredAddress, 'written', number][];
    const accountId = await knowing(crowd);
    await completed(accountId, 'pers');
    const began = performance.now();
    expect(await completed(accountId, 'number777 per')).toHaveLength(10);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe('learning from stored mail', () => {
  const old = { receivedAt: daysAgo(3) };
  const ada = person('Ada', 'ada@example.org');

  it('knows whom the account wrote to and who wrote to it, each mail once', async () => {
    const { accountId, inboxId, sentId } = await account();
    const junkId = crypto.randomUUID();
    await db.execute(sql`
      insert into mailboxes (account_id, id, remote_id, name, role, state)
      values (${accountId}, ${junkId}, 'Junk', 'Junk', 'junk', 0)`);
    await receive(db, { accountId, mailboxId: sentId }, [
      {
        uid: 1,
        ...old,
        from: [ada],
        to: [person('Bob', 'bob@x.example')],
        cc: [person('', 'cleo@x.example'), ada],
      },
      { uid: 2, ...old, from: [ada], to: [person('Bob', 'bob@x.example')] },
    ]);
    await receive(db, { accountId, mailboxId: inboxId }, [
      { uid: 1, ...old, from: [person('Dan', 'dan@x.example')], to: [ada] },
      { uid: 2, ...old, from: [person('Robot', 'no-reply@x.example')], to: [ada] },
      { uid: 3, ...old, from: [person('List', 'list@x.example')], to: [ada], listId: 'l.x.example' },
    ]);
    await receive(db, { accountId, mailboxId: junkId }, [
      { uid: 1, ...old, from: [person('Spam', 'spam@x.example')], to: [ada] },
    ]);
    const soon = new Date(Date.now() + 2 * 60_000);
    expect(await learnPeople(db, accountId, new Date())).toBe(false);
    expect(await completed(accountId, 'x.example x')).toEqual([]);
    expect(await accountsToLearnFrom(db, soon)).toContain(accountId);
    await learnPeople(db, accountId, soon);
    await learnPeople(db, accountId, soon);
    expect(await accountsToLearnFrom(db, soon)).not.toContain(accountId);
    const { rows } = await db.execute(sql`
      select key, name, written_count as w, received_count as r from people
      where account_id = ${accountId} order by key`);
    expect(rows).toEqual([
      { key: 'bob@x.example', name: 'Bob', w: 2, r: 0 },
      { key: 'cleo@x.example', name: '', w: 1, r: 0 },
      { key: 'dan@x.example', name: 'Dan', w: 0, r: 1 },
    ]);
    expect(await completed(accountId, 'x.example')).toEqual([
      'bob@x.example',
      'cleo@x.example',
      'dan@x.example',
    ]);
  });
});
