'use client';

import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { leave, leavingStore, signOutAndForget, signOutKeeping } from '#ui/sign-in/leave.ts';
import styles from './leave-dialog.module.css';

const stay = () => leavingStore.set(false);

/** Asks somebody who signs out what is to become of what the server does not have. */
export default function LeaveDialog() {
  const t = useTranslations('leaving');
  return (
    <Dialog title={t('title')} onClose={stay}>
      <div className={styles.leave}>
        <p>{t('text')}</p>
        <span className={styles.choices}>
          <Button look="main" onClick={() => void leave()}>
            {t('retry')}
          </Button>
          <Button onClick={() => void signOutKeeping()}>{t('keep')}</Button>
          <Button look="danger" onClick={() => void signOutAndForget()}>
            {t('discard')}
          </Button>
        </span>
      </div>
    </Dialog>
  );
}
