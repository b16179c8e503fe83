'use client';

import X from 'lucide-react/icons/x';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Address } from '#api/views.ts';
import { Avatar } from '#ui/kit/avatar.tsx';
import { classNames } from '#ui/kit/class-names.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { isCompleteAddress, readAddresses } from './addresses.ts';
import styles from './composer.module.css';

function RecipientChip({ person, onRemove }: { person: Address; onRemove: () => void }) {
  const t = useTranslations('composer');
  const isValid = isCompleteAddress(person.address);
  return (
    <span className={classNames(styles.chip, !isValid && styles.invalid)} title={person.address}>
      <Avatar name={person.name} address={person.address} size="tiny" />
      <span>
        {person.name || person.address}
        {!isValid && <span className="visually-hidden">, {t('invalid')}</span>}
      </span>
      <button
        type="button"
        className={styles.remove}
        aria-label={t('removeRecipient', { address: person.address })}
        onClick={onRemove}
      >
        <Icon of={X} size="sm" />
      </button>
    </span>
  );
}

/** To, Cc or Bcc: addresses as chips. Several may be pasted at once; what is no address stays, marked. */
export function RecipientsField({
  label,
  people,
  hasFocus = false,
  end,
  onChange,
}: {
  label: string;
  people: readonly Address[];
  hasFocus?: boolean;
  end?: ReactNode;
  onChange: (people: Address[]) => void;
}) {
  const id = useId();
  const [text, setText] = useState('');
  function take(typed: string) {
    const added = readAddresses(typed).filter(
      ({ address }) => !people.some((person) => person.address.toLowerCase() === address.toLowerCase()),
    );
    setText('');
    if (added.length > 0) onChange([...people, ...added]);
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return;
    const isEnd = [',', ';', 'Enter'].includes(event.key) && !event.ctrlKey && !event.metaKey;
    if (isEnd && text.trim() !== '' && !text.includes('"')) {
      event.preventDefault();
      take(text);
    }
    if (event.key === 'Backspace' && text === '' && people.length > 0) onChange(people.slice(0, -1));
  }
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.chips}>
        {people.map((person) => (
          <RecipientChip
            key={person.address}
            person={person}
            onRemove={() => onChange(people.filter((other) => other !== person))}
          />
        ))}
        <input
          id={id}
          className={styles.input}
          value={text}
          // biome-ignore lint/a11y/noAutofocus: a window opened to write in takes the caret
          autoFocus={hasFocus}
          autoComplete="off"
          spellCheck={false}
          inputMode="email"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => take(text)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text/plain');
            if (!/[,;\n@]/.test(pasted)) return;
            event.preventDefault();
            take(`${text}${pasted}`);
          }}
        />
      </div>
      {end}
    </div>
  );
}
