'use client';

import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { problemOf } from '#ui/api/problem.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { showToast } from '#ui/kit/toast.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import styles from './mailboxes.module.css';

/** Asks before something goes for good. `run` does it, and gives what is said then. */
export function ConfirmDialog({
  title,
  confirm,
  run,
  onClose,
  children,
}: {
  title: string;
  confirm: string;
  run: () => Promise<string>;
  onClose: () => void;
  children: ReactNode;
}) {
  const t = useTranslations('kit');
  const work = useMutation({
    mutationFn: run,
    onSuccess: async (said) => {
      onClose();
      showToast({ title: said, duration: 5000 });
      await queryClient.invalidateQueries();
    },
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles.form}>
        {work.isError && (
          <Notice look="bad">
            <ProblemText problem={problemOf(work.error)} />
          </Notice>
        )}
        {children}
        <div className={styles.row}>
          <Button look="danger" disabled={work.isPending} onClick={() => work.mutate()}>
            {confirm}
          </Button>
          <Button autoFocus onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
