'use client';

import { useTranslations } from 'use-intl';
import { LinkButton } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import styles from './composer.module.css';

/** Asks before formatting is lost. */
export function ModeQuestion({ onSwitch, onKeep }: { onSwitch: () => void; onKeep: () => void }) {
  const t = useTranslations('composer');
  return (
    <div className={styles.conflict}>
      <Notice
        look="bad"
        actions={
          <>
            <LinkButton onClick={onSwitch}>{t('loseFormatting')}</LinkButton>
            <LinkButton onClick={onKeep}>{t('keepFormatting')}</LinkButton>
          </>
        }
      >
        {t('formattingLost')}
      </Notice>
    </div>
  );
}
