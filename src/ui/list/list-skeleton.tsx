'use client';

import { useTranslations } from 'use-intl';
import { Skeleton } from '#ui/kit/skeleton.tsx';
import styles from './list-skeleton.module.css';

const widths = [38, 52, 30, 44, 60, 35, 48, 41, 55, 33, 46, 50, 37, 58];

/** Rows on their way, of the height that they will have. */
export function ListSkeleton() {
  const t = useTranslations('list');
  return (
    <div className={styles.skeleton} role="status" aria-label={t('loading')}>
      {widths.map((width) => (
        <div key={width} className={styles.row}>
          <Skeleton width={width} />
          <Skeleton width={width + 34} />
        </div>
      ))}
    </div>
  );
}
