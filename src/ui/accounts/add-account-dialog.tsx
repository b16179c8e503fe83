'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { meQuery } from '#ui/api/queries.ts';
import { Dialog } from '#ui/kit/dialog.tsx';
import { AddAccount } from './add-account.tsx';

export default function AddAccountDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('addAccount');
  const me = useQuery(meQuery);
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <AddAccount userName={me.data?.name ?? ''} onDone={onClose} />
    </Dialog>
  );
}
