'use client';

import { useTranslations } from 'use-intl';
import type { Address } from '#api/views.ts';
import type { DraftContent } from '../draft-content.ts';
import { shownKey } from '../shown-key.ts';
import styles from './recipients.module.css';
import { RecipientsField } from './recipients-field.tsx';

export type RecipientField = 'to' | 'cc' | 'bcc';

function isField(value: unknown): value is RecipientField {
  return value === 'to' || value === 'cc' || value === 'bcc';
}

/** Reads what a dragged recipient says of itself: anybody can drag anything onto a page. */
function readDragged(data: string): { from: RecipientField; person: Address } | null {
  try {
    const { from, name, address } = JSON.parse(data);
    if (!isField(from) || typeof name !== 'string' || typeof address !== 'string') return null;
    return { from, person: { name, address } };
  } catch {
    return null;
  }
}

/** To, and Cc and Bcc once they are wanted. */
export function RecipientRows({
  idPrefix,
  content,
  wanted,
  focus,
  onWant,
  onChange,
}: {
  /** Of the fields' inputs: `<prefix>-cc`. */
  idPrefix: string;
  content: DraftContent;
  /** The fields that were asked for, though nobody is in them yet. */
  wanted: readonly RecipientField[];
  /** Which field has the caret at first. */
  focus: RecipientField | null;
  onWant: (field: 'cc' | 'bcc') => void;
  onChange: (part: Partial<DraftContent>) => void;
}) {
  const t = useTranslations('composer');
  const isShown = (field: 'cc' | 'bcc') => wanted.includes(field) || content[field].length > 0;
  const hidden = (['cc', 'bcc'] as const).filter((field) => !isShown(field));
  const more = hidden.length > 0 && (
    <span className={styles.more}>
      {hidden.map((field) => (
        <button
          key={field}
          type="button"
          data-tooltip={t(field === 'cc' ? 'addCc' : 'addBcc')}
          data-tooltip-key={shownKey(field === 'cc' ? 'Mod Shift C' : 'Mod Shift B')}
          onClick={() => onWant(field)}
        >
          {t(field)}
        </button>
      ))}
    </span>
  );
  function move(to: RecipientField, data: string) {
    const dragged = readDragged(data);
    if (dragged === null || dragged.from === to) return;
    const { from, person } = dragged;
    const isSame = (other: Address) => other.address === person.address;
    if (!content[from].some(isSame)) return;
    const others = content[to].filter((other) => !isSame(other));
    onChange({ [from]: content[from].filter((other) => !isSame(other)), [to]: [...others, person] });
  }
  const field = (name: RecipientField) => ({
    id: `${idPrefix}-${name}`,
    label: t(name),
    people: content[name],
    hasFocus: focus === name || (name !== 'to' && wanted.at(-1) === name),
    onChange: (people: Address[]) => onChange({ [name]: people }),
    onDropPerson: (data: string) => move(name, data),
    dragData: (person: Address) => JSON.stringify({ from: name, ...person }),
  });
  return (
    <>
      <RecipientsField {...field('to')} end={more} />
      {isShown('cc') && <RecipientsField {...field('cc')} />}
      {isShown('bcc') && <RecipientsField {...field('bcc')} />}
    </>
  );
}
