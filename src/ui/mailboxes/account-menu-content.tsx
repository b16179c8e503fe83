'use client';

import FolderPlus from 'lucide-react/icons/folder-plus';
import Settings from 'lucide-react/icons/settings';
import type { ReactElement } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { Menu, MenuItem } from '#ui/kit/menu.tsx';
import { showOverlay } from '#ui/mail/overlays.ts';

export default function AccountMenuContent({
  account,
  trigger,
}: {
  account: AccountView;
  trigger: ReactElement;
}) {
  const t = useTranslations();
  const { id: accountId } = account;
  return (
    <Menu isOpenAtFirst align="end" trigger={trigger}>
      <MenuItem onSelect={() => showOverlay({ kind: 'account', accountId })}>
        <Icon of={Settings} />
        {t('accountState.openShort')}
      </MenuItem>
      <MenuItem onSelect={() => showOverlay({ kind: 'newMailbox', accountId, parentId: null })}>
        <Icon of={FolderPlus} />
        {t('mailboxes.create')}
      </MenuItem>
    </Menu>
  );
}
