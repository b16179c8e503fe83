'use client';

import { useTranslations } from 'use-intl';
import type { PersonView } from '#api/views.ts';
import { Avatar } from '#ui/kit/avatar.tsx';
import styles from './recipients.module.css';
import type { Completion } from './use-completion.ts';

/** Whom the typed letters may mean. */
export function CompletionList({
  id,
  completion,
  onTake,
}: {
  id: string;
  completion: Completion;
  onTake: (person: PersonView) => void;
}) {
  const t = useTranslations('composer');
  if (!completion.isOpen) return null;
  return (
    <div id={id} role="listbox" aria-label={t('suggestions')} className={styles.suggestions}>
      {completion.people.map((person, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the input has the focus and the keys
        <div
          key={person.address}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === completion.active}
          className={styles.suggestion}
          // Only once it moves: what comes up under a resting pointer is not meant by it.
          onPointerMove={() => completion.point(index)}
          // The input must not lose the focus, which would take what is typed in it.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(person)}
        >
          <Avatar name={person.name} address={person.address} size="small" />
          <span>
            {person.name || person.address}
            {person.name && <small>{person.address}</small>}
          </span>
        </div>
      ))}
    </div>
  );
}
