'use client';

import { type DragEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import type { Address } from '#api/views.ts';
import { readAddresses } from '../addresses.ts';
import fieldStyles from '../field.module.css';
import { CompletionList } from './completion-list.tsx';
import { RecipientChip } from './recipient-chip.tsx';
import styles from './recipients.module.css';
import { useCompletion } from './use-completion.ts';

/** What a dragged recipient travels as. */
export const recipientType = 'application/x-mailroom-recipient';

interface RecipientsFieldProps {
  id: string;
  label: string;
  people: readonly Address[];
  hasFocus?: boolean;
  end?: ReactNode;
  onChange: (people: Address[]) => void;
  /** A recipient of another field was dropped here. */
  onDropPerson: (data: string) => void;
  dragData: (person: Address) => string;
}

function written({ name, address }: Address): string {
  return name === '' ? address : `${/[",;<>]/.test(name) ? JSON.stringify(name) : name} <${address}>`;
}

/** To, Cc or Bcc: addresses as chips. Several may be pasted at once; what is no address stays, marked. */
export function RecipientsField({
  id,
  label,
  people,
  hasFocus = false,
  end,
  onChange,
  onDropPerson,
  dragData,
}: RecipientsFieldProps) {
  const listId = `${id}-list`;
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const completion = useCompletion(text, people);
  function add(added: readonly Address[]) {
    const fresh = added.filter(
      ({ address }) => !people.some((person) => person.address.toLowerCase() === address.toLowerCase()),
    );
    setText('');
    if (fresh.length > 0) onChange([...people, ...fresh]);
  }
  const take = (typed: string) => add(readAddresses(typed));
  /** Takes the suggestion that is meant; whether there was one. */
  function takeSuggestion(): boolean {
    const meant = completion.people[completion.active];
    if (meant === undefined) return false;
    add([{ name: meant.name, address: meant.address }]);
    return true;
  }
  function edit(person: Address) {
    onChange(people.filter((other) => other !== person));
    setText(written(person));
    input.current?.focus();
  }
  function onEnd(event: KeyboardEvent<HTMLInputElement>) {
    if (text.trim() === '' || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Tab' && (event.shiftKey || completion.active === -1)) return;
    // A comma within a quoted name is part of it.
    if (event.key !== 'Enter' && event.key !== 'Tab' && (text.match(/"/g)?.length ?? 0) % 2 === 1) return;
    event.preventDefault();
    const isTyped = event.key === ',' || event.key === ';';
    if ((isTyped && text.includes('@')) || !takeSuggestion()) take(text);
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    const last = people.at(-1);
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      if (completion.people.length === 0 || text === '') return;
      event.preventDefault();
      completion.step(key === 'ArrowDown' ? 1 : -1);
    } else if (key === 'Escape' && completion.isOpen) {
      event.stopPropagation();
      completion.close();
    } else if (key === 'Backspace' && text === '' && last !== undefined) {
      event.preventDefault();
      edit(last);
    } else if (key === 'ArrowLeft' && event.currentTarget.selectionEnd === 0) {
      const chips = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[data-recipient]');
      [...(chips ?? [])].at(-1)?.focus();
    } else if ([',', ';', 'Enter', 'Tab'].includes(key)) onEnd(event);
  }
  function onDrop(event: DragEvent) {
    const data = event.dataTransfer.getData(recipientType);
    if (data === '') return;
    event.preventDefault();
    event.stopPropagation();
    onDropPerson(data);
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: where a chip of another field can be dropped; keys can cut and paste it
    <div
      className={fieldStyles.field}
      data-recipients=""
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(recipientType)) event.preventDefault();
      }}
      onDrop={onDrop}
    >
      <label className={fieldStyles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.chips}>
        {people.map((person) => (
          <RecipientChip
            key={person.address}
            person={person}
            onRemove={() => onChange(people.filter((other) => other !== person))}
            onEdit={() => edit(person)}
            onDragStart={(event) => {
              event.dataTransfer.setData(recipientType, dragData(person));
              event.dataTransfer.setData('text/plain', written(person));
              event.dataTransfer.effectAllowed = 'move';
            }}
          />
        ))}
        <input
          ref={input}
          id={id}
          className={fieldStyles.input}
          value={text}
          role="combobox"
          aria-expanded={completion.isOpen}
          aria-controls={completion.isOpen ? listId : undefined}
          aria-autocomplete="list"
          aria-activedescendant={completion.active >= 0 ? `${listId}-${completion.active}` : undefined}
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
      <CompletionList
        id={listId}
        completion={completion}
        onTake={({ name, address }) => add([{ name, address }])}
      />
    </div>
  );
}
