import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountServersView } from '#api/views.ts';
import { useSetup } from '#ui/accounts/use-setup.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { showToast } from '#ui/kit/toast.tsx';

interface Replacement extends AccountServersView {
  /** Null: the stored one stays. */
  password: string | null;
}

/** Another password or other servers for an account, tried before they are stored. */
export function useReplacement(accountId: string, onDone?: () => void) {
  const t = useTranslations('accountState');
  const servers = useQuery({
    queryKey: keys.servers(accountId),
    queryFn: () => api.accounts.servers.query({ accountId }),
    staleTime: 0,
  });
  const send = useCallback(
    (replacement: Replacement) => api.accounts.startReplacement.mutate({ accountId, ...replacement }),
    [accountId],
  );
  const done = useCallback(() => {
    showToast({ title: t('tried'), duration: 4000 });
    void queryClient.invalidateQueries({ queryKey: keys.servers(accountId) });
    onDone?.();
  }, [t, accountId, onDone]);
  return { servers: servers.data, error: servers.error, setup: useSetup(send, done) };
}
