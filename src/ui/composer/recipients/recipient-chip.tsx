'use client';

import X from 'lucide-react/icons/x';
import type { DragEvent, KeyboardEvent } from 'react';
import { useTranslations } from 'use-intl';
import type { Address } from '#api/views.ts';
import { Avatar } from '#ui/kit/avatar.tsx';
import { classNames } from '#ui/kit/class-names.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { isCompleteAddress } from '../addresses.ts';
import fieldStyles from '../field.module.css';
import styles from './recipients.module.css';

interface RecipientChipProps {
  person: Address;
  onRemove: () => void;
  onEdit: () => void;
  onDragStart: (event: DragEvent) => void;
}

function neighbour(element: Element, by: 1 | -1): HTMLElement | null {
  const field = element.closest('[data-recipients]');
  const stops = [...(field?.querySelectorAll<HTMLElement>('[data-recipient], input') ?? [])];
  return stops[stops.findIndex((stop) => stop.isSameNode(element)) + by] ?? null;
}

/** Somebody whom the message goes to. The arrows go from one to the next, Enter changes one, Delete takes one away. */
export function RecipientChip({ person, onRemove, onEdit, onDragStart }: RecipientChipProps) {
  const t = useTranslations('composer');
  const isValid = isCompleteAddress(person.address);
  function onKeyDown(event: KeyboardEvent<HTMLButtonElement>) {
    const { key, currentTarget } = event;
    if (key === 'ArrowLeft') neighbour(currentTarget, -1)?.focus();
    else if (key === 'ArrowRight') neighbour(currentTarget, 1)?.focus();
    else if (key === 'Delete' || key === 'Backspace') {
      (neighbour(currentTarget, key === 'Delete' ? 1 : -1) ?? neighbour(currentTarget, 1))?.focus();
      onRemove();
    } else return;
    event.preventDefault();
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging is for the pointer; by the keys one cuts and pastes
    <span
      className={classNames(styles.chip, !isValid && styles.invalid)}
      title={person.address}
      draggable
      onDragStart={onDragStart}
    >
      <Avatar name={person.name} address={person.address} size="tiny" />
      <button
        type="button"
        data-recipient=""
        tabIndex={-1}
        className={styles.who}
        aria-label={t(isValid ? 'editRecipient' : 'editInvalid', { address: person.address })}
        onDoubleClick={onEdit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            onEdit();
          } else onKeyDown(event);
        }}
      >
        {person.name || person.address}
        {!isValid && <span className="visually-hidden">, {t('invalid')}</span>}
      </button>
      <button
        type="button"
        tabIndex={-1}
        className={fieldStyles.remove}
        aria-label={t('removeRecipient', { address: person.address })}
        onClick={onRemove}
      >
        <Icon of={X} size="sm" />
      </button>
    </span>
  );
}
