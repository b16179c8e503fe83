'use client';

import { useMutation } from '@tanstack/react-query';
import CircleAlert from 'lucide-react/icons/circle-alert';
import { useTranslations } from 'use-intl';
import type { AccountView, OperationProblemView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import styles from './account-page.module.css';

/** So many are told in full. */
const shown = 3;

function useSentence(): (failure: OperationProblemView) => string {
  const t = useTranslations('failures');
  return ({ kind, count, subjects, mailbox }) => {
    const named = subjects.map((subject) => subject || t('noSubject')).join('”, “');
    const rest = count - subjects.length;
    const mails =
      subjects.length === 0
        ? t('mails', { count: Math.max(1, count) })
        : `${t('which', { subjects: named })}${rest > 0 ? ` ${t('more', { count: rest })}` : ''}`;
    return t(kind, { what: mails, mailbox: mailbox ?? '' });
  };
}

/** What a person did and the mail server would not have: what, which mail, and why; until it is dismissed. */
export function FailedOperations({ accounts }: { accounts: readonly AccountView[] }) {
  const t = useTranslations('failures');
  const sentence = useSentence();
  const dismiss = useMutation({
    mutationFn: () =>
      Promise.all(
        accounts
          .filter(({ operationProblems }) => operationProblems.length > 0)
          .map(({ id: accountId, operationProblems }) =>
            api.accounts.dismissProblems.mutate({ accountId, ids: operationProblems.map(({ id }) => id) }),
          ),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.accounts }),
    onError: (error) => sayProblem(t('dismiss'), error),
  });
  const all = accounts.flatMap((account) =>
    account.operationProblems.map((failure) => ({ failure, key: `${account.id} ${failure.id}` })),
  );
  if (all.length === 0) return null;
  return (
    <Notice
      icon={CircleAlert}
      actions={
        <LinkButton disabled={dismiss.isPending} onClick={() => dismiss.mutate()}>
          {t(all.length > 1 ? 'dismissAll' : 'dismiss')}
        </LinkButton>
      }
    >
      {all.length > 1 && <strong>{t('title', { count: all.length })}</strong>}
      <ul className={styles.failures}>
        {all.slice(0, shown).map(({ failure, key }) => (
          <li key={key}>
            <span>{sentence(failure)}</span>
            <ProblemText problem={failure.problem} />
          </li>
        ))}
      </ul>
      {all.length > shown && <span>{t('more', { count: all.length - shown })}</span>}
    </Notice>
  );
}
