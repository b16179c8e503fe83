'use client';

import Ellipsis from 'lucide-react/icons/ellipsis';
import { useTranslations } from 'use-intl';
import type { SignatureView } from '#api/views.ts';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { Menu, MenuCheckItem, MenuGroup, MenuItem, MenuSeparator } from '#ui/kit/menu.tsx';
import type { DraftContent } from './draft-content.ts';

interface MoreMenuProps {
  content: DraftContent;
  signatures: readonly SignatureView[];
  onChange: (part: Partial<DraftContent>) => void;
  onMode: () => void;
  onAttachMails: () => void;
  onSignature: (signature: SignatureView | null) => void;
  /** null where nothing was quoted, or it is still there. */
  onRestoreQuote: (() => void) | null;
}

const asked = ['requestReceipt', 'requestDsn', 'requireTls'] as const;

/** What is seldom wanted of a message: how it is written, signed, and what is asked of whoever carries it. */
export function MoreMenu({
  content,
  signatures,
  onChange,
  onMode,
  onAttachMails,
  onSignature,
  onRestoreQuote,
}: MoreMenuProps) {
  const t = useTranslations('composer');
  return (
    <Menu trigger={<IconButton icon={Ellipsis} label={t('more')} />}>
      <MenuItem onSelect={onMode}>{t(content.html === null ? 'toRich' : 'toPlain')}</MenuItem>
      {onRestoreQuote && <MenuItem onSelect={onRestoreQuote}>{t('restoreQuote')}</MenuItem>}
      <MenuItem onSelect={onAttachMails}>{t('attachMails')}</MenuItem>
      <MenuSeparator />
      {asked.map((name) => (
        <MenuCheckItem
          key={name}
          isChecked={content[name]}
          onChange={(isChecked) => onChange({ [name]: isChecked })}
        >
          {t(name)}
        </MenuCheckItem>
      ))}
      {signatures.length > 0 && (
        <>
          <MenuSeparator />
          <MenuGroup label={t('signature')}>
            {signatures.map((signature) => (
              <MenuItem key={signature.id} onSelect={() => onSignature(signature)}>
                {signature.name || t('unnamedSignature')}
              </MenuItem>
            ))}
            <MenuItem onSelect={() => onSignature(null)}>{t('noSignature')}</MenuItem>
          </MenuGroup>
        </>
      )}
    </Menu>
  );
}
