'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { SelectField } from '#ui/kit/select-field.tsx';

const minute = 60;
const hour = 60 * minute;
const offered = [minute, 5 * minute, 15 * minute, 30 * minute, hour, 6 * hour] as const;

/** How often mailboxes that the server does not report are looked at. */
export function PollSetting({ account }: { account: AccountView }) {
  const t = useTranslations();
  const save = useMutation({
    mutationFn: (pollSeconds: number | null) =>
      api.accounts.update.mutate({ accountId: account.id, pollSeconds }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.accounts }),
    onError: (error) => sayProblem(t('settings.saveFailed'), error),
  });
  const { pollSeconds } = account;
  const all = new Set([...offered, ...(pollSeconds === null ? [] : [pollSeconds])]);
  const inWords = (seconds: number) =>
    seconds % hour === 0
      ? t('accountState.pollHours', { count: seconds / hour })
      : t('accountState.pollMinutes', { count: Math.round(seconds / minute) });
  return (
    <SelectField
      label={t('accountState.poll')}
      value={pollSeconds === null ? '' : String(pollSeconds)}
      options={[
        { value: '', label: t('accountState.pollDefault') },
        ...[...all]
          .sort((one, other) => one - other)
          .map((each) => ({ value: String(each), label: inWords(each) })),
      ]}
      onChange={(value) => save.mutate(value === '' ? null : Number(value))}
    />
  );
}
