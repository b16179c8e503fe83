'use client';

import Paperclip from 'lucide-react/icons/paperclip';
import Reply from 'lucide-react/icons/reply';
import Star from 'lucide-react/icons/star';
import { Fragment } from 'react';
import { useTranslations } from 'use-intl';
import type { ListRow } from '#api/views.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { rowTime } from '#ui/kit/time.ts';
import { peopleLine } from './people-line.ts';
import styles from './row.module.css';

/** The two lines of a row: people and time; subject, snippet and marks. */
export function RowWords({ row, now }: { row: ListRow; now: number }) {
  const t = useTranslations('list');
  return (
    <>
      <span className={styles.top}>
        <span className={styles.people}>
          {peopleLine(row.people, t('me'), t('nobody')).map((person, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same name may stand twice, and parts never move
            <Fragment key={index}>
              {index > 0 && ', '}
              <span className={classNames(styles.person, person.isUnread && styles.unreadPerson)}>
                {person.text}
              </span>
            </Fragment>
          ))}
          {row.count > 1 && <span className={styles.count}>{row.count}</span>}
        </span>
        <time className={styles.time} dateTime={new Date(row.receivedAt).toISOString()}>
          {rowTime(row.receivedAt, now)}
        </time>
      </span>
      <span className={styles.bottom}>
        <span className={styles.line}>
          <span className={styles.subject}>{row.subject || t('noSubject')}</span>
          {row.isBroken ? (
            <span className={classNames(styles.snippet, styles.broken)}>{t('broken')}</span>
          ) : (
            <span className={styles.snippet}>{row.snippet}</span>
          )}
        </span>
        <span className={styles.marks}>
          {row.isAnswered && <Mark icon={Reply} label={t('answered')} />}
          {row.hasAttachment && <Mark icon={Paperclip} label={t('attachment')} />}
          {row.isFlagged && <Mark icon={Star} label={t('starred')} className={styles.star} />}
        </span>
      </span>
    </>
  );
}

function Mark({
  icon,
  label,
  className,
}: {
  icon: typeof Star;
  label: string;
  className?: string | undefined;
}) {
  return (
    <span>
      <Icon of={icon} size="sm" className={className} />
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
