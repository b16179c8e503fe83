import { type ComponentProps, useId } from 'react';
import styles from './field.module.css';

/** One line of text with its label, a hint and what is wrong with it. */
export function TextField({
  label,
  hint,
  problem,
  ...props
}: ComponentProps<'input'> & {
  label: string;
  hint?: string | undefined;
  problem?: string | null | undefined;
}) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = problem ?? hint;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        {...props}
        id={id}
        className={styles.input}
        aria-invalid={problem ? true : undefined}
        aria-describedby={note ? noteId : undefined}
      />
      {note && (
        <p id={noteId} className={problem ? styles.problem : styles.hint}>
          {note}
        </p>
      )}
    </div>
  );
}
