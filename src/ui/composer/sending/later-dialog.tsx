'use client';

import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { mailTime } from '#ui/kit/time.ts';
import { fieldOf, presets, timeOf } from './later.ts';
import { ownTimeZone } from './send.ts';
import styles from './sending.module.css';

/** Chooses when a message leaves: one of a few times, or any. `before`: when it was to leave so far. */
export default function LaterDialog({
  before,
  onChoose,
  onClose,
}: {
  before: number | null;
  onChoose: (time: number) => void;
  onClose: () => void;
}) {
  const t = useTranslations('sending');
  const [now] = useState(Date.now);
  const offered = presets(now);
  const [field, setField] = useState(() => fieldOf(before ?? offered.at(-1)?.at ?? now));
  const [isPast, setPast] = useState(false);
  function choose(time: number) {
    onClose();
    onChoose(time);
  }
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    const time = timeOf(field, Date.now());
    if (time === null) setPast(true);
    else choose(time);
  }
  return (
    <Dialog title={t('laterTitle')} onClose={onClose}>
      <div className={styles.later}>
        <ul>
          {offered.map(({ name, at }) => (
            <li key={name}>
              <button type="button" className={styles.preset} onClick={() => choose(at)}>
                {t(`presets.${name}`)}
                <small>{mailTime(at, now)}</small>
              </button>
            </li>
          ))}
        </ul>
        <form className={styles.exactly} noValidate onSubmit={onSubmit}>
          <TextField
            label={t('exactly')}
            hint={t('zone', { zone: ownTimeZone() })}
            problem={isPast ? t('past') : null}
            type="datetime-local"
            min={fieldOf(now)}
            value={field}
            onChange={(event) => {
              setField(event.target.value);
              setPast(false);
            }}
          />
          <Button look="main" type="submit">
            {t('schedule')}
          </Button>
        </form>
      </div>
    </Dialog>
  );
}
