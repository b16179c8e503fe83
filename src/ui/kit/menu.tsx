'use client';

import { Menu as Base } from '@base-ui/react/menu';
import Check from 'lucide-react/icons/check';
import { type ReactElement, type ReactNode, useCallback, useState } from 'react';
import { Icon } from './icon.tsx';
import styles from './menu.module.css';

/**
 * A menu that opens from `trigger` (an element that takes a ref and button props), and by itself as `opening` says.
 */
export function Menu({
  trigger,
  children,
  align = 'start',
  isOpenAtFirst = false,
  opening = {},
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: 'start' | 'end';
  isOpenAtFirst?: boolean;
  /** For a menu that something else than its trigger opens too. */
  opening?: { open?: boolean; onOpenChange?: (isOpen: boolean) => void };
}) {
  // Within a dialog it belongs to the dialog: outside of it, it would lie in no landmark.
  const [dialog, setDialog] = useState<HTMLElement | null>(null);
  const findDialog = useCallback(
    (button: HTMLElement | null) => setDialog(button?.closest<HTMLElement>('[role=dialog]') ?? null),
    [],
  );
  return (
    <Base.Root defaultOpen={isOpenAtFirst} {...opening}>
      <Base.Trigger ref={findDialog} render={trigger} />
      <Base.Portal container={dialog ?? undefined}>
        <Base.Positioner className={styles.positioner} sideOffset={4} align={align}>
          <Base.Popup className={styles.popup}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({
  onSelect,
  isDisabled = false,
  children,
}: {
  onSelect: () => void;
  isDisabled?: boolean;
  children: ReactNode;
}) {
  return (
    <Base.Item className={styles.item} disabled={isDisabled} onClick={onSelect}>
      {children}
    </Base.Item>
  );
}

/** An item that is on or off, and says so; the menu stays open. */
export function MenuCheckItem({
  isChecked,
  onChange,
  children,
}: {
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Base.CheckboxItem className={styles.item} checked={isChecked} onCheckedChange={onChange}>
      <span className={styles.tick}>
        <Base.CheckboxItemIndicator>
          <Icon of={Check} />
        </Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  );
}

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className={styles.group}>{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}

export function MenuSeparator() {
  return <Base.Separator className={styles.separator} />;
}
