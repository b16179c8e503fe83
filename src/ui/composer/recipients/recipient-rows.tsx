'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import styles from './composer.module.css';
import type { DraftContent } from './draft-content.ts';
import { RecipientsField } from './recipients-field.tsx';

/** To, and Cc and Bcc once they are wanted. */
export function RecipientRows({
  content,
  hasFocus,
  onChange,
}: {
  content: DraftContent;
  hasFocus: boolean;
  onChange: (part: Partial<DraftContent>) => void;
}) {
  const t = useTranslations('composer');
  const [wanted, setWanted] = useState<readonly ('cc' | 'bcc')[]>([]);
  const isShown = (field: 'cc' | 'bcc') => wanted.includes(field) || content[field].length > 0;
  const hidden = (['cc', 'bcc'] as const).filter((field) => !isShown(field));
  const more = hidden.length > 0 && (
    <span className={styles.more}>
      {hidden.map((field) => (
        <button key={field} type="button" onClick={() => setWanted([...wanted, field])}>
          {t(field)}
        </button>
      ))}
    </span>
  );
  return (
    <>
      <RecipientsField
        label={t('to')}
        people={content.to}
        hasFocus={hasFocus}
        end={more}
        onChange={(to) => onChange({ to })}
      />
      {(['cc', 'bcc'] as const).filter(isShown).map((field) => (
        <RecipientsField
          key={field}
          label={t(field)}
          people={content[field]}
          hasFocus={wanted.includes(field)}
          onChange={(people) => onChange({ [field]: people })}
        />
      ))}
    </>
  );
}
