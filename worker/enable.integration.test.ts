import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import type { Offer } from '../tests/faults/capability-mask.ts';
import { startImapProxy } from '../tests/faults/imap-proxy.ts';
import { rawMail, withFaults } from '../tests/worker/account.ts';
import { lookedAt } from './looking-testing.ts';
import { atEnd, otherClient, testDeps, testImapServer } from './testing.ts';

const deps = await testDeps();

it.each<Offer>(['condstore', 'unsaid'])(
  'flags come by mod-sequence, whatever the answer to ENABLE names (%s)',
  async (offer) => {
    const direct = testImapServer(`u${randomUUID()}`);
    const other = await otherClient(direct);
    for (let n = 1; n <= 5; n += 1) await other.append('INBOX', rawMail(`${n}`));
    await other.mailboxOpen('INBOX');
    const proxy = await startImapProxy(direct.server.port, offer);
    atEnd(() => proxy.stop());
    const { faults, imap } = await withFaults({ ...direct, server: { ...direct.server, port: proxy.port } });
    const account = await lookedAt(deps, imap);
    await account.look();
    const names = faults.commands.map(({ name }) => name);
    expect(names.indexOf('ENABLE')).toBeGreaterThanOrEqual(0);
    expect(names.indexOf('ENABLE')).toBeLessThan(names.indexOf('EXAMINE'));
    const fetches = () => faults.commands.flatMap(({ name, line }) => (name.endsWith('FETCH') ? [line] : []));

    faults.forget();
    await account.look();
    expect(fetches()).toEqual([]);

    await other.messageFlagsAdd('2', ['\\Flagged'], { uid: true });
    await account.look();
    expect(fetches()).toHaveLength(1);
    expect(fetches()[0]).toMatch(/^UID FETCH 1:\* \(.*\bFLAGS\b.*\) \(CHANGEDSINCE \d+\)$/);
    const keywords = (await account.stored()).map((copy) => copy.keywords);
    expect(keywords).toEqual([[], ['$flagged'], [], [], []]);
    expect(await checkConsistency(deps.db, account.accountId)).toEqual([]);
  },
);
