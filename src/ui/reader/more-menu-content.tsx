'use client';

import Ellipsis from 'lucide-react/icons/ellipsis';
import { Fragment } from 'react';
import { useTranslations } from 'use-intl';
import { runAction } from '#ui/actions/action-button.tsx';
import { actionOf } from '#ui/actions/registry.ts';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { Kbd } from '#ui/kit/kbd.tsx';
import { Menu, MenuItem, MenuSeparator } from '#ui/kit/menu.tsx';
import { moreStore } from './more-store.ts';

function groupsFor(isOut: boolean): readonly (readonly string[])[] {
  return [
    ['reply', 'replyAll', 'forward', 'forwardAsAttachment', 'editAsNew'],
    [isOut ? 'notJunk' : 'archive', 'delete', 'junk', 'move', 'copy'],
    ['star', 'markRead', 'markUnread'],
    ['previous', 'next', 'previousMessage', 'nextMessage'],
  ];
}

export default function MoreMenuContent({
  isOpen,
  isOut,
  isStarred,
}: {
  isOpen: boolean;
  isOut: boolean;
  isStarred: boolean;
}) {
  const t = useTranslations('actions');
  return (
    <Menu
      align="end"
      opening={{ open: isOpen, onOpenChange: (next) => moreStore.set(next) }}
      trigger={<IconButton icon={Ellipsis} label={t('more')} shownKey="." />}
    >
      {groupsFor(isOut).map((group, index) => (
        <Fragment key={group[0]}>
          {index > 0 && <MenuSeparator />}
          {group.map((id) => {
            const { label, shownKey } = actionOf(id);
            return (
              <MenuItem key={id} onSelect={() => runAction(id)}>
                {t(id === 'star' && isStarred ? 'unstar' : label)}
                {shownKey !== null && <Kbd>{shownKey}</Kbd>}
              </MenuItem>
            );
          })}
        </Fragment>
      ))}
    </Menu>
  );
}
