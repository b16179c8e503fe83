'use client';

import { useTranslations } from 'use-intl';
import { classNames } from '#ui/kit/class-names.ts';
import { fileSize } from '#ui/kit/file-size.ts';
import styles from './account-page.module.css';

/** From here on a mailbox that fills up is worth a look. */
const nearlyFull = 90;

/** How full the provider says that the storage is. */
export function QuotaBar({ quota: { used, limit } }: { quota: { used: number; limit: number } }) {
  const t = useTranslations();
  const inWords = (bytes: number) => {
    const { unit, size } = fileSize(bytes);
    return t(`sizes.${unit}`, { size });
  };
  const percent = limit > 0 ? Math.min(100, Math.round((100 * used) / limit)) : 0;
  return (
    <>
      <span>{t('accountState.quotaOf', { used: inWords(used), limit: inWords(limit), percent })}</span>
      <meter
        className={classNames(styles.quota, percent >= nearlyFull && styles.full)}
        aria-label={t('accountState.quota')}
        min={0}
        max={100}
        value={percent}
      />
    </>
  );
}
