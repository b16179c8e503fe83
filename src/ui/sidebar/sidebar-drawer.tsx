'use client';

import { useTranslations } from 'use-intl';
import { Dialog } from '#ui/kit/dialog.tsx';
import { Sidebar } from './sidebar.tsx';

/** The side bar where there is no room for it. */
export default function SidebarDrawer({ onClose }: { onClose: () => void }) {
  const t = useTranslations('shell');
  return (
    <Dialog title={t('mailboxes')} onClose={onClose}>
      <Sidebar onChosen={onClose} />
    </Dialog>
  );
}
