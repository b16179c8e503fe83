import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '#ui/api/client.ts';
import type { ListSource } from '#ui/api/keys.ts';
import { accountsQuery } from '#ui/api/queries.ts';

/** The worker watches an open mailbox for a minute after it was told of it. */
const again = 45_000;

/** Has the mailboxes that a list shows looked at for as long as somebody looks at the list. */
export function useWatched(source: ListSource | null): void {
  const accounts = useQuery(accountsQuery).data ?? [];
  const mailboxes = accounts.flatMap((account) => account.mailboxes);
  const open = mailboxes.filter(({ id, role }) =>
    source === null || source.mailboxId !== null ? id === source?.mailboxId : role === source.role,
  );
  // As a text, so that counts that change do not begin it anew.
  const meant = open.map(({ accountId, id }) => `${accountId}/${id}`).join(' ');
  useEffect(() => {
    const tell = () => {
      if (document.visibilityState !== 'visible' || meant === '') return;
      for (const each of meant.split(' ')) {
        const [accountId = '', mailboxId = ''] = each.split('/');
        // A hint: the next one comes by itself.
        api.mailboxes.watch.mutate({ accountId, mailboxId }).catch(() => undefined);
      }
    };
    tell();
    const timer = setInterval(tell, again);
    document.addEventListener('visibilitychange', tell);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tell);
    };
  }, [meant]);
}
