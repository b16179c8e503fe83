'use client';

import { useQuery } from '@tanstack/react-query';
import ChevronDown from 'lucide-react/icons/chevron-down';
import Keyboard from 'lucide-react/icons/keyboard';
import LogOut from 'lucide-react/icons/log-out';
import Plus from 'lucide-react/icons/plus';
import Settings from 'lucide-react/icons/settings';
import { useTranslations } from 'use-intl';
import { meQuery } from '#ui/api/queries.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { Kbd } from '#ui/kit/kbd.tsx';
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '#ui/kit/menu.tsx';
import { showOverlay } from '#ui/mail/overlays.ts';
import { leave } from '#ui/sign-in/leave.ts';

export default function UserMenuContent() {
  const t = useTranslations('sidebar');
  const me = useQuery(meQuery);
  return (
    <Menu isOpenAtFirst align="end" trigger={<IconButton icon={ChevronDown} label={t('menu')} />}>
      <MenuGroup label={me.data?.email ?? ''}>
        <MenuItem onSelect={() => showOverlay({ kind: 'addAccount' })}>
          <Icon of={Plus} />
          {t('addAccount')}
        </MenuItem>
        <MenuItem onSelect={() => showOverlay({ kind: 'settings' })}>
          <Icon of={Settings} />
          {t('settings')}
        </MenuItem>
        <MenuItem onSelect={() => showOverlay({ kind: 'help' })}>
          <Icon of={Keyboard} />
          {t('keys')}
          <Kbd>?</Kbd>
        </MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={() => void leave()}>
          <Icon of={LogOut} />
          {t('signOut')}
        </MenuItem>
      </MenuGroup>
    </Menu>
  );
}
