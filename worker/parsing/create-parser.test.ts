import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { keepEmail } from '#mail/content/kept-email.ts';
import { packText, unpackBody } from '#mail/content/packed-text.ts';
import { parseEmail } from '#mail/content/parse.ts';
import type { Parser } from '#mail/content/parser.ts';
import { tsvectorOf } from '#mail/search/tsvector.ts';
import { createParser } from './create-parser.ts';
import { ThreadPool } from './thread-pool.ts';

const log = pino({ level: 'silent' });
const open: Parser[] = [];
const opened = <Opened extends Parser>(parser: Opened): Opened => {
  open.push(parser);
  return parser;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((parser) => parser.close()));
});

const raw = Buffer.from(
  [
    'From: =?utf-8?B?SsO2cmc=?= <joerg@example.de>',
    'Subject: Gr\xfc\xdfe',
    'Date: Mon, 3 Mar 2025 10:00:00 +0100',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain; charset=iso-8859-1',
    '',
    'K\xf6ln',
    '--x',
    'Content-Disposition: attachment; filename=a.bin',
    '',
    '\x00\x80\xff',
    '--x--',
  ].join('\r\n'),
  'latin1',
);

describe.each([0, 1, 2])('createParser with %i threads', (threads) => {
  it('gives what parseEmail gives, packed and without the contents of attachments', async () => {
    const parser = opened(createParser({ threads, log }));
    const expected = await parseEmail(raw);
    const [file] = expected.attachments;
    expect(file?.content).toEqual(Buffer.from([0, 0x80, 0xff]));
    const parsed = await parser.parse(raw);
    expect(parsed).toEqual(keepEmail(expected));
    expect(parsed).toMatchObject({
      attachments: [{ ...file, content: null }],
      sentAt: new Date('2025-03-03T09:00:00Z'),
    });
    expect(await unpackBody(parsed.body)).toEqual({ text: 'Köln', html: null });
  });

  it('leaves the bytes to who gave them, a view of a larger buffer too', async () => {
    const parser = opened(createParser({ threads, log }));
    const view = Buffer.concat([Buffer.from('before'), raw, Buffer.from('after')]).subarray(6, -5);
    const [one, other] = await Promise.all([parser.parse(view), parser.parse(view)]);
    expect(one).toEqual(other);
    expect(view.equals(raw)).toBe(true);
  });
});

describe.each([0, 1])('words with %i threads', (threads) => {
  it('are those of the text as it is stored', async () => {
    const parser = createParser({ threads, log });
    opened(parser);
    const fields = { subject: 'Größe', people: '', filenames: 'a.bin' };
    const packed = packText('word '.repeat(100));
    const view = Buffer.concat([Buffer.from('before'), packed]).subarray(6);
    expect(await parser.makeWords({ ...fields, packed: view, length: 1000 })).toEqual({
      words: new Uint8Array(tsvectorOf({ ...fields, text: 'word '.repeat(100) })),
      problem: null,
    });
    expect(await parser.makeWords({ ...fields, packed: view, length: 9 })).toMatchObject({
      problem: 'Only the first 9 characters of its text',
    });
    expect(await parser.makeWords({ ...fields, packed: view.subarray(0, 8), length: 9 })).toMatchObject({
      problem: 'Its stored text is damaged',
    });
  });
});

/** A thread that takes one word of a mail for an order; the header of a mail that says "poison" is no easier. */
const faultyThread = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ id, raw, wanted, problem, source }) => {
      if (source?.subject === 'exit') process.exit(3);
      if (wanted === 'words') return parentPort.postMessage({ kind: 'words', id, made: { words: source.subject, problem: null } });
      const text = Buffer.from(raw).toString();
      if (text === 'poison' || (wanted === 'whole' && text === 'hang')) for (;;);
      if (wanted === 'whole' && text === 'exit') process.exit(3);
      if (wanted === 'whole' && text === 'throw') throw new Error('of its own');
      if (wanted === 'whole' && text === 'memory') for (const all = [];;) all.push(new Array(1e5).fill({}));
      parentPort.postMessage({ kind: 'parsed', id, email: { subject: text, problem: problem ?? null } });
    });
    parentPort.postMessage({ kind: 'ready' });
  `)}`,
);

describe('a thread that ends', () => {
  const limits = { parseTime: 500, startTime: 30_000, heap: 64 };

  it.each([
    ['hang', limits.parseTime, /too long/],
    ['exit', 30_000, /ended/],
    ['throw', 30_000, /of its own/],
    ['memory', 30_000, /memory/i],
  ])('by %s costs that mail its body, and no other mail anything', async (order, parseTime, problem) => {
    const pool = opened(
      new ThreadPool({ threads: 1, entry: faultyThread, limits: { ...limits, parseTime }, log }),
    );
    const mails = ['a', 'b', order, 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
    const emails = await Promise.all(mails.map((mail) => pool.parse(Buffer.from(mail))));
    expect(emails.map(({ subject }) => subject)).toEqual(mails);
    const spoilt = emails.filter((email) => email.problem !== null);
    expect(spoilt).toHaveLength(1);
    expect(spoilt[0]).toMatchObject({ subject: order, problem: expect.stringMatching(problem) });
  });

  it('twice over one mail gives it up, with its problem', async () => {
    const pool = opened(new ThreadPool({ threads: 1, entry: faultyThread, limits, log }));
    const [poisoned, other] = await Promise.all([
      pool.parse(Buffer.from('poison')),
      pool.parse(Buffer.from('other')),
    ]);
    expect(poisoned).toMatchObject({ subject: '', attachments: [] });
    expect(await unpackBody(poisoned.body)).toEqual({ text: '', html: null });
    expect(poisoned.problem).toMatch(/could not be read/);
    expect(other).toMatchObject({ subject: 'other', problem: null });
  });

  it('over the words of a mail costs them, and nothing else', async () => {
    const pool = opened(new ThreadPool({ threads: 1, entry: faultyThread, limits, log }));
    const source = { people: '', filenames: '', packed: null, length: 1 };
    const [before, poisoned, after, mail] = await Promise.all([
      pool.makeWords({ ...source, subject: 'before' }),
      pool.makeWords({ ...source, subject: 'exit' }),
      pool.makeWords({ ...source, subject: 'after' }),
      pool.parse(Buffer.from('mail')),
    ]);
    expect(before.words).toBe('before');
    expect(poisoned).toEqual({ words: new Uint8Array(), problem: expect.stringMatching(/ended/) });
    expect(after.words).toBe('after');
    expect(mail.subject).toBe('mail');
  });

  it('before it could read anything is no fault of a mail: the parse is rejected', async () => {
    const entry = new URL('data:text/javascript,throw new Error("no such thread")');
    const pool = opened(new ThreadPool({ threads: 1, entry, limits, log }));
    await expect(pool.parse(raw)).rejects.toThrow('no such thread');
  });

  it('in time is not hurried by an event loop that was busy elsewhere', async () => {
    const pool = opened(
      new ThreadPool({ threads: 1, entry: faultyThread, limits: { ...limits, parseTime: 50 }, log }),
    );
    await pool.parse(Buffer.from('warm'));
    const answer = pool.parse(Buffer.from('a'));
    const until = performance.now() + 200;
    while (performance.now() < until);
    expect(await answer).toMatchObject({ subject: 'a', problem: null });
  });
});

describe('close', () => {
  it('rejects what is not answered, and whatever comes after', async () => {
    const pool = new ThreadPool({
      threads: 1,
      entry: faultyThread,
      limits: { parseTime: 60_000, startTime: 60_000, heap: 64 },
      log,
    });
    const hanging = expect(pool.parse(Buffer.from('hang'))).rejects.toThrow('closed');
    await pool.close();
    await hanging;
    await expect(pool.parse(raw)).rejects.toThrow('closed');
  });
});
