'use client';

import CheckCheck from 'lucide-react/icons/check-check';
import Eye from 'lucide-react/icons/eye';
import EyeOff from 'lucide-react/icons/eye-off';
import FolderPlus from 'lucide-react/icons/folder-plus';
import Pencil from 'lucide-react/icons/pencil';
import Trash from 'lucide-react/icons/trash-2';
import type { ReactElement } from 'react';
import { useTranslations } from 'use-intl';
import type { MailboxView } from '#api/views.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { Menu, MenuItem, MenuSeparator } from '#ui/kit/menu.tsx';
import { showOverlay } from '#ui/mail/overlays.ts';
import { isFixed } from './fixed-mailboxes.ts';
import { markMailboxRead, showMailbox } from './mailbox-actions.ts';

export default function MailboxMenuContent({
  mailbox,
  trigger,
}: {
  mailbox: MailboxView;
  trigger: ReactElement;
}) {
  const t = useTranslations('mailboxes');
  const { accountId, id, role, isSubscribed, isSelectable, unreadCount } = mailbox;
  return (
    <Menu isOpenAtFirst align="end" trigger={trigger}>
      {isSelectable && (
        <MenuItem isDisabled={unreadCount === 0} onSelect={() => void markMailboxRead(mailbox)}>
          <Icon of={CheckCheck} />
          {t('markRead')}
        </MenuItem>
      )}
      {(role === 'trash' || role === 'junk') && (
        <MenuItem onSelect={() => showOverlay({ kind: 'emptyMailbox', mailbox })}>
          <Icon of={Trash} />
          {t('empty')}
        </MenuItem>
      )}
      <MenuItem onSelect={() => showOverlay({ kind: 'newMailbox', accountId, parentId: id })}>
        <Icon of={FolderPlus} />
        {t('createIn')}
      </MenuItem>
      {!isFixed(mailbox) && (
        <>
          <MenuSeparator />
          <MenuItem onSelect={() => showOverlay({ kind: 'editMailbox', mailbox })}>
            <Icon of={Pencil} />
            {t('edit')}
          </MenuItem>
          <MenuItem onSelect={() => void showMailbox(mailbox, !isSubscribed)}>
            <Icon of={isSubscribed ? EyeOff : Eye} />
            {t(isSubscribed ? 'hide' : 'show')}
          </MenuItem>
          <MenuItem onSelect={() => showOverlay({ kind: 'deleteMailbox', mailbox })}>
            <Icon of={Trash} />
            {t('delete')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
