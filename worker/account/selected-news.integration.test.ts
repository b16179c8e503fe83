import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { rawMail } from '../../tests/worker/account.ts';
import { otherClient, testImapServer } from '../testing.ts';
import { SelectedNews } from './selected-news.ts';

it('a mailbox that was selected anew since its look may have news that the server does not tell again', async () => {
  const imap = testImapServer(`u${randomUUID()}`);
  const [client, other] = [await otherClient(imap), await otherClient(imap)];
  const news = new SelectedNews();
  news.forget(client);
  await client.mailboxOpen('INBOX', { readOnly: true });
  news.remember(client);
  expect(await news.isSilent(client, 'INBOX', 5000)).toBe(true);
  await other.append('INBOX', rawMail('New'));
  await client.mailboxOpen('INBOX');
  expect(await news.isSilent(client, 'INBOX', 5000)).toBe(false);
});
